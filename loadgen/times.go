package loadgen

// Times are how long responses took, in microseconds. What is nil has measured nothing.
type Times struct {
	Latency *Histogram `json:"latency,omitempty"`      // from when the request was due to the answer's last byte
	Service *Histogram `json:"service_time,omitempty"` // from when it was sent
}

func newTimes() Times { return Times{Latency: NewHistogram(), Service: NewHistogram()} }

// Merge counts all that others counted.
func (t *Times) Merge(others Times) {
	t.Latency, t.Service = into(t.Latency, others.Latency), into(t.Service, others.Service)
}

// into is a histogram to which another was added; nil counts nothing. It never is the other one.
func into(h, other *Histogram) *Histogram {
	if other == nil {
		return h
	}
	if h == nil {
		h = NewHistogram()
	}
	h.Merge(other)
	return h
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
