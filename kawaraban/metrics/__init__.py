"""What this process does, in figures: for Prometheus, and for the last hour at the desk.

Each room defines what it counts with `prometheus_client`, in its own `metrics.py`; labels have few values, and none of
them is a path, a member or an address. What is kept in the database is read when somebody asks (`collecting.py`).
"""

# Where those ask who watch over the site; nothing may hold them up.
HEALTH, READINESS, FIGURES = WATCHED = ("/healthz", "/readyz", "/metrics")
