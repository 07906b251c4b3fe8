package loadgen

import "landfall/loadgen/hdr"

// Times are how long responses took, in microseconds. What is nil has measured nothing.
type Times struct {
	Latency *hdr.Histogram `json:"latency,omitempty"`      // from when the request was due to the answer's last byte
	Service *hdr.Histogram `json:"service_time,omitempty"` // from when it was sent
}

func NewTimes() Times { return Times{Latency: hdr.New(), Service: hdr.New()} }

// Merge counts all that others counted.
func (t *Times) Merge(others Times) {
	t.Latency, t.Service = hdr.Merged(t.Latency, others.Latency), hdr.Merged(t.Service, others.Service)
}

// plus are both in new histograms.
func (t Times) plus(others Times) (sum Times) {
	sum.Merge(t)
	sum.Merge(others)
	return sum
}

func (t Times) Record(latency, service int64) {
	t.Latency.Record(latency)
	t.Service.Record(service)
}

func (t Times) Reset() {
	t.Latency.Reset()
	t.Service.Reset()
}
