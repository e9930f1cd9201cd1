"""How faithful the rep is: scripted managers played against every scenario, and what is measured of them."""
