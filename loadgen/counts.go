package loadgen

// Add adds the counts of other.
func (c *Counts) Add(other Counts) {
	c.Requests += other.Requests
	c.Responses += other.Responses
	c.Unexpected += other.Unexpected
	c.Dropped += other.Dropped
	c.BytesWritten += other.BytesWritten
	c.BytesRead += other.BytesRead
	c.Handshakes += other.Handshakes
	c.Connects += other.Connects
	c.Iterations += other.Iterations
	c.IterationsFailed += other.IterationsFailed
	c.IterationsInterrupted += other.IterationsInterrupted
	c.Retried += other.Retried
	c.UnexpectedBy = addAll(c.UnexpectedBy, other.UnexpectedBy)
	c.Aside += other.Aside
	c.BodiesCut += other.BodiesCut
	c.Errors = addAll(c.Errors, other.Errors)
	c.Statuses = addAll(c.Statuses, other.Statuses)
}

func addAll[K comparable](into, from map[K]int64) map[K]int64 {
	if into == nil && len(from) > 0 {
		into = make(map[K]int64, len(from))
	}
	for k, n := range from {
		if into[k] += n; into[k] == 0 {
			delete(into, k)
		}
	}
	return into
}
