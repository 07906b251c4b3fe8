package findings

import (
	"fmt"
	"math"
	"strings"

	"landfall/node/figures"
)

// generatorLimit: the drivers could not send as required.
func generatorLimit(r Run) *Finding {
	if !r.Limited {
		return nil
	}
	more := ""
	if n := len(r.Drivers); r.Responses*10 >= r.Total*9 && r.RateRPS > 0 && r.AskedRPS > 1.02*r.RateRPS {
		need := max(int(math.Ceil(float64(n)*r.AskedRPS/r.RateRPS))-n, 1)
		more = fmt.Sprintf("; at what each driver did, %d more would be needed for %s", need, perSecond(r.AskedRPS))
	}
	reasons := strings.Join(r.Reasons[:min(len(r.Reasons), 3)], "; ")
	return &Finding{Severity: Invalid, What: "the drivers, not the target, were the limit", Evidence: fmt.Sprintf("in %d of %d seconds: %s%s", r.LimitedSeconds, len(r.Seconds), reasons, more),
		Next: "more drivers, more CPU for them, or a lower rate", FromMS: r.at(0), ToMS: r.at(len(r.Seconds)), strength: 1}
}

// targetCount: the target's count of requests differs from that of the drivers.
func targetCount(r Run) *Finding {
	if r.Counted == nil {
		return nil
	}
	counted, least, most := *r.Counted, r.Responses, r.Total+r.Unknown
	switch slack := max(r.Total/1000, 2); {
	case counted < least-slack:
		return &Finding{Severity: Warning, What: fmt.Sprintf("the target counted %s requests less than were answered", figures.Count(least-counted)),
			Evidence: fmt.Sprintf("%s by the target's own counter, %s responses", figures.Count(counted), figures.Count(least)),
			Next:     "anything in front of the target: a cache, a proxy, another instance", FromMS: r.at(0), ToMS: r.at(len(r.Seconds)), strength: 1}
	case counted > most+slack:
		return &Finding{Severity: Warning, What: fmt.Sprintf("the target counted %s requests more than were sent", figures.Count(counted-most)),
			Evidence: fmt.Sprintf("%s by the target's own counter, at most %s sent", figures.Count(counted), figures.Count(most)),
			Next:     "other clients of the target, and retries of proxies in between", FromMS: r.at(0), ToMS: r.at(len(r.Seconds)), strength: 1}
	}
	return nil
}

// slowHandshakes: TLS handshakes take long compared with requests.
func slowHandshakes(r Run) *Finding {
	const least = 20 // handshakes
	if r.Handshake == nil || r.Service == nil || r.Handshake.Count() < least || r.Service.Count() == 0 {
		return nil
	}
	own, usual := float64(r.Handshake.Quantile(.5)), float64(r.Service.Quantile(.5))
	if own < 100_000 || own < 5*usual {
		return nil
	}
	return &Finding{Severity: Warning, What: "TLS handshakes are slow",
		Evidence: fmt.Sprintf("%s handshakes with a p50 of %s; a request takes %s", figures.Count(r.Handshake.Count()), us(own), us(usual)),
		Next:     "session resumption, key type and size, CPU of the TLS terminator, certificate status look-ups", FromMS: r.at(0), ToMS: r.at(len(r.Seconds)), strength: own / usual}
}

// keepAlive: connections are reopened after a number of requests although they should be kept open.
func keepAlive(r Run) *Finding {
	again := r.Connects - int64(r.Connections) - (r.Total - r.Responses)                     // a request that fails may cost its connection
	if !r.KeepAlive || again < max(20, int64(r.Connections)) || r.Responses*10 < r.Total*9 { // fewer were closed for another reason
		return nil
	}
	each := float64(r.Responses) / float64(r.Connects)
	if each > 1000 {
		return nil
	}
	severity := Info
	if each < 20 {
		severity = Warning
	}
	return &Finding{Severity: severity, What: fmt.Sprintf("the target closes connections after about %.0f requests", each),
		Evidence: fmt.Sprintf("%s connections opened for %s responses; %s would have done", figures.Count(r.Connects), figures.Count(r.Responses), figures.Count(int64(r.Connections))),
		Next:     "the keep-alive limits of the target and of proxies in front of it", FromMS: r.at(0), ToMS: r.at(len(r.Seconds)), strength: 1 / each}
}
