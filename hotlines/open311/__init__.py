"""Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2): apps of others report public-place matters and follow them."""
