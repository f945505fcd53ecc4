"""How a clean-up came to where it stands: samples of the past, and the commits that changed it most."""
