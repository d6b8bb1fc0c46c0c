"""Work that is done later or on the clock: queue, leases, retries, schedule. It knows none of the work itself."""
