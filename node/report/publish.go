package report

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"landfall/loadgen"
)

// Reports travel further than specs: into issues, pages and artifacts. What is hidden in them, and what is too long.
const (
	hidden   = "(hidden)"
	bodyKept = 16 << 10
)

// published is a spec as its report shows it: without the private key, passwords and tokens, and without long bodies.
func published(s loadgen.Spec) loadgen.Spec {
	if s.TLS.Key != "" {
		s.TLS.Key = hidden
	}
	if s.CSV != "" {
		s.CSV = fmt.Sprintf("(%d bytes)", len(s.CSV))
	}
	s.Target, s.Headers, s.Body, s.BodyBase64 = redactURL(s.Target), redactHeaders(s.Headers), shortened(s.Body), shortened(s.BodyBase64)
	s.Requests = slices.Clone(s.Requests)
	for i := range s.Requests {
		r := &s.Requests[i]
		r.URL, r.Headers, r.Body, r.BodyBase64 = redactURL(r.URL), redactHeaders(r.Headers), shortened(r.Body), shortened(r.BodyBase64)
	}
	return s
}

func shortened(body string) string {
	if len(body) <= bodyKept {
		return body
	}
	return fmt.Sprintf("%s… (%d bytes)", strings.ToValidUTF8(body[:bodyKept], ""), len(body))
}

func redactURL(raw string) string {
	if !strings.Contains(raw, "@") {
		return raw
	}
	if u, err := url.Parse(raw); err == nil && u.User != nil {
		return u.Redacted()
	}
	return raw
}

func redactHeaders(headers map[string]string) map[string]string {
	out := maps.Clone(headers)
	for name := range out {
		switch strings.ToLower(name) {
		case "authorization", "proxy-authorization", "cookie", "x-api-key":
			out[name] = hidden
		}
	}
	return out
}
