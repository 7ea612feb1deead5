"""The boards beside the main board: three bands, where matters are settled, the network, property companies."""
