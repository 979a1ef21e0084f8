"""Speed, as ratios to floors measured in the same run. No test measures time; this does."""
