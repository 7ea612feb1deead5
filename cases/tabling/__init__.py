"""自定义统计表: rows × columns × figure over what its reader may see; kept with a name, shared, exported."""
