package exposition

import (
	"math"
	"net/http"
	"net/http/httptest"
	"testing"

	dto "github.com/prometheus/client_model/go"
)

func shown() *Set {
	var s Set
	total := &Desc{Name: "b_total", Help: "A \\ and\na line.", Labels: []string{"who", "what"}}
	s.Counter(total, 2, "z", "1")
	s.Counter(total, 1, "a\"\n\\\xff", "2")
	s.Gauge(&Desc{Name: "a_ratio", Help: "Share."}, math.NaN())
	s.Summary(&Desc{Name: "c_seconds", Help: "Times."}, 3, 1.5, []Quantile{{0.5, 0.25}, {0.99, math.Inf(1)}})
	s.Histogram(&Desc{Name: "d_seconds", Help: "Times.", Labels: []string{"x"}}, Native{Schema: 3, Count: 6, Sum: 9, Buckets: map[int]int64{-4: 1, -3: 3, 7: 2}}, "y")
	return &s
}

func same(t *testing.T, text, m *dto.Metric) {
	t.Helper()
	for i, l := range m.GetLabel() {
		if text.GetLabel()[i].GetValue() != l.GetValue() {
			t.Errorf("labels %v and %v", text, m)
		}
	}
	if text.GetCounter().GetValue() != m.GetCounter().GetValue() || math.Float64bits(text.GetGauge().GetValue()) != math.Float64bits(m.GetGauge().GetValue()) && !math.IsNaN(m.GetGauge().GetValue()) {
		t.Errorf("values %v and %v", text, m)
	}
	if text.GetSummary().String() != m.GetSummary().String() {
		t.Errorf("summaries %v and %v", text, m)
	}
	if h := m.GetHistogram(); h != nil {
		if text.GetHistogram().GetSampleCount() != 6 || h.GetSampleCount() != 6 || h.GetSampleSum() != 9 || h.GetSchema() != 3 {
			t.Errorf("%v and %v", text, h)
		}
		if s := h.GetPositiveSpan(); len(s) != 2 || s[0].GetOffset() != -4 || s[0].GetLength() != 2 || s[1].GetOffset() != 9 || s[1].GetLength() != 1 {
			t.Errorf("spans %v", s)
		}
		if d := h.GetPositiveDelta(); len(d) != 3 || d[0] != 1 || d[1] != 2 || d[2] != -1 {
			t.Errorf("deltas %v", d)
		}
	}
}

func TestHandlerRespectsAccept(t *testing.T) {
	h := Handler(func(s *Set) { s.Gauge(&Desc{Name: "x", Help: "X."}, 1) })
	for accept, want := range map[string]string{
		"": typeText, "*/*": typeText, "text/plain": typeText, typeProtobuf: typeProtobuf, typeProtobuf + ";q=0.3, text/plain;q=0.5": typeText,
		"application/openmetrics-text;version=1.0.0;q=0.6," + typeProtobuf + ";q=0.5,text/plain;q=0.4": typeProtobuf, "invalid;;=": typeText,
	} {
		w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "/metrics", nil)
		r.Header.Set("Accept", accept)
		h.ServeHTTP(w, r)
		if got := w.Header().Get("Content-Type"); w.Code != http.StatusOK || got != want {
			t.Errorf("%q: %s, want %s", accept, got, want)
		}
	}
}

func TestTooManyScrapes(t *testing.T) {
	started, release := make(chan struct{}), make(chan struct{})
	h := Handler(func(*Set) { started <- struct{}{}; <-release })
	for range maxScrapes {
		go h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/metrics", nil))
		<-started
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	close(release)
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("scrape %d got %d", maxScrapes+1, w.Code)
	}
}
