package loadgen

// Times are how long responses took, in microseconds. What is nil has measured nothing.
type Times struct {
	Latency *Histogram `json:"latency,omitempty"`      // from when the request was due to the answer's last byte
	Service *Histogram `json:"service_time,omitempty"` // from when it was sent
}

func newTimes() Times { return Times{Latency: NewHistogram(), Service: NewHistogram()} }

// Merge counts all that others counted.
func (t *Times) Merge(others Times) {
	t.Latency, t.Service = merged(t.Latency, others.Latency), merged(t.Service, others.Service)
}

// plus are both in new histograms.
func (t Times) plus(others Times) (sum Times) {
	sum.Merge(t)
	sum.Merge(others)
	return sum
}

func (t Times) record(latency, service int64) {
	t.Latency.Record(latency)
	t.Service.Record(service)
}

func (t Times) reset() {
	t.Latency.Reset()
	t.Service.Reset()
}
