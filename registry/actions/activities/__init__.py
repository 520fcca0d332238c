"""What was done under agreements: recorded by hand or from a 登记册, listed with its evidence, findings seen through."""
