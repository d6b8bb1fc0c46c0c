"""Reports, queues, cases, appeals, notices from outside, raids, and what is published about all of it."""
