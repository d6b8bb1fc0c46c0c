"""What is worth hearing first, as plain functions of votes."""
