package exposition

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

const (
	typeText     = "text/plain; version=0.0.4; charset=utf-8"
	typeProtobuf = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
)

// maxScrapes is the maximum number of concurrent scrapes; further ones get status 503.
const maxScrapes = 4

// Handler responds to each scrape with the set that collect fills, in the form that the scraper prefers.
func Handler(collect func(*Set)) http.Handler {
	busy := make(chan struct{}, maxScrapes)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case busy <- struct{}{}:
			defer func() { <-busy }()
		default:
			http.Error(w, "too many scrapes at a time", http.StatusServiceUnavailable)
			return
		}
		var s Set
		collect(&s)
		body, form := s.Text(), typeText
		if prefersProtobuf(r.Header.Values("Accept")) {
			body, form = s.Protobuf(), typeProtobuf
		}
		w.Header().Set("Content-Type", form)
		_, _ = w.Write(body)
	})
}

// prefersProtobuf reports whether an Accept header (RFC 9110 §12.5.1) wants delimited protobuf at least as much as text.
func prefersProtobuf(accept []string) bool {
	protobuf, text := 0.0, 0.0
	for _, one := range strings.Split(strings.Join(accept, ","), ",") {
		form, params, err := mime.ParseMediaType(strings.TrimSpace(one))
		if err != nil {
			continue
		}
		q := 1.0
		if given, err := strconv.ParseFloat(params["q"], 64); err == nil {
			q = given
		}
		switch {
		case form == "application/vnd.google.protobuf" && params["proto"] == "io.prometheus.client.MetricFamily" && params["encoding"] == "delimited":
			protobuf = max(protobuf, q)
		case form == "text/plain":
			text = max(text, q)
		}
	}
	return protobuf > 0 && protobuf >= text
}
