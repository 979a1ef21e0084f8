"""Trade simulated and compared: what a shop's rows say against what the gateway's books say."""
