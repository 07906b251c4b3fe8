package findings

import (
	"fmt"

	"landfall/node/figures"
)

func oddDriver(r Run) *Finding {
	return oddOne(r, "driver", r.Drivers, "that host: its network, its CPU, and the address of the target that it uses")
}

func oddLabel(r Run) *Finding {
	return oddOne(r, "label", r.Labels, "the network between those drivers and the target")
}

// oddOne: one of at least three is much slower than the others, or fails much more often.
func oddOne(r Run, kind string, list []Member, next string) *Finding {
	if len(list) < 3 {
		return nil
	}
	for i, m := range list {
		if m.Requests < 100 {
			continue
		}
		var others []Member
		others = append(append(others, list[:i]...), list[i+1:]...)
		usual, slowest := median(others, func(o Member) float64 { return float64(o.P50US) }), 0.0
		failing := 0.0
		for _, o := range others {
			slowest, failing = max(slowest, float64(o.P50US)), max(failing, o.failed())
		}
		evidence := ""
		switch own := float64(m.P50US); {
		case usual > 0 && own > 2*usual && own > 1.5*slowest && own > usual+2000:
			evidence = fmt.Sprintf("p50 %s, the others %s", us(own), us(usual))
		case m.failed() > .05 && m.failed() > 5*failing:
			evidence = fmt.Sprintf("%s of its requests failed, of the others' at most %s", figures.Percent(m.failed(), 1), figures.Percent(failing, 1))
		default:
			continue
		}
		return &Finding{Severity: Warning, What: fmt.Sprintf("%s %s differs from the others", kind, m.Name), Evidence: evidence, Next: next,
			FromMS: r.at(0), ToMS: r.at(len(r.Seconds)), strength: 1}
	}
	return nil
}

func (m Member) failed() float64 {
	if m.Requests == 0 {
		return 0
	}
	return float64(m.Failed) / float64(m.Requests)
}

// oddRequest: nearly all failures belong to one request that makes up at most 70 % of the load. Latencies are not compared, since
// those of requests differ by nature.
func oddRequest(r Run) *Finding {
	var failed, requests int64
	for _, m := range r.Requests {
		failed, requests = failed+m.Failed, requests+m.Requests
	}
	for _, m := range r.Requests {
		if len(r.Requests) < 2 || m.Failed*100 < m.Requests || m.Failed < 10 || m.Failed*10 < failed*9 || m.Requests*10 > requests*7 {
			continue
		}
		return &Finding{Severity: Serious, What: fmt.Sprintf("the failures are those of request %s", m.Name),
			Evidence: fmt.Sprintf("%s of %s failures, %s of its %s requests", figures.Count(m.Failed), figures.Count(failed), figures.Percent(m.failed(), 1), figures.Count(m.Requests)),
			Next:     "its first failures in the report, and what it alone depends on", FromMS: r.at(0), ToMS: r.at(len(r.Seconds)), strength: m.failed()}
	}
	return nil
}
