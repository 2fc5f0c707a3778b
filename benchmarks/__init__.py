"""What is measured (`make bench`): each figure beside two baselines of the same run, so that the ratio holds on any machine."""
