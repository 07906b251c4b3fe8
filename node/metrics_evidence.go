package node

import (
	"slices"

	"landfall/loadgen"
	"landfall/loadgen/evidence"
)

// checkEvidence bounds and cleans the evidence of a snapshot: its failed and slowest requests.
func checkEvidence(s *loadgen.Snapshot) error {
	if err := inRange("snapshot.exchanges", len(s.Exchanges), 0, evidence.MaxExchanges); err != nil {
		return err
	}
	if err := inRange("snapshot.slowest", len(s.Slowest), 0, evidence.MaxSlowest); err != nil {
		return err
	}
	s.Exchanges = slices.DeleteFunc(s.Exchanges, func(e evidence.Exchange) bool { return !slices.Contains(evidence.Causes[:], e.Cause) }) // causes of a later version
	for i := range s.Exchanges {
		e := &s.Exchanges[i]
		if err := checkMoment(e.AtMS, e.LatencyUS, e.Status); err != nil {
			return err
		}
		e.Driver = "" // the message names the driver
		cleanAll(120, &e.Request)
		cleanAll(240, &e.Why)
		const width, bytes = 1024, 8 << 10
		e.Sent, e.Head, e.Body = cleanLines(e.Sent, width, bytes), cleanLines(e.Head, width, bytes), cleanLines(e.Body, width, 4*evidence.MaxBody)
	}
	for i := range s.Slowest {
		one := &s.Slowest[i]
		if err := checkMoment(one.AtMS, one.LatencyUS, one.Status); err != nil {
			return err
		}
		one.Driver = ""
		cleanAll(120, &one.Request)
	}
	return nil
}

func checkMoment(atMS, latencyUS int64, status int) error {
	if err := inRange("at_ms", atMS, -1000*maxInterval, 1000*maxInterval); err != nil {
		return err
	}
	if err := inRange("latency_us", latencyUS, 0, 1e6*maxInterval); err != nil {
		return err
	}
	return inRange("status", status, 0, loadgen.MaxStatus)
}

// cleanLines cleans lines and returns the first ones: each has at most width runes, all together at most the given number of bytes.
func cleanLines(lines []string, width, bytes int) []string {
	lines = lines[:min(len(lines), evidence.MaxLines)]
	for i := range lines {
		cleanAll(width, &lines[i])
		if bytes -= len(lines[i]); bytes < 0 {
			return lines[:i]
		}
	}
	return lines
}
