package gateway

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

func TestPartsOfAList(t *testing.T) {
	for _, c := range []struct {
		page        Page
		n, from, to int
	}{
		{Page{Limit: 100}, 3, 0, 3}, {Page{Limit: 2}, 3, 0, 2}, {Page{Limit: 2, Offset: 2}, 3, 2, 3}, {Page{Limit: 2, Offset: 9}, 3, 3, 3}, {Page{Limit: 2}, 0, 0, 0},
	} {
		if from, to := c.page.part(c.n); from != c.from || to != c.to {
			t.Errorf("%+v of %d: %d to %d, want %d to %d", c.page, c.n, from, to, c.from, c.to)
		}
	}
}

// Requests without a route are answered with problem details, like other errors.
func TestAddressesWithoutARoute(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /here", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	for _, c := range []struct {
		method, path string
		status       int
		detail       string
	}{
		{"GET", "/here", http.StatusTeapot, ""}, {"GET", "/there", http.StatusNotFound, "/there"}, {"POST", "/here", http.StatusMethodNotAllowed, "GET, HEAD"},
	} {
		w := httptest.NewRecorder()
		missing(mux).ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.detail) || c.detail != "" && w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: %d %s", c.method, c.path, w.Code, w.Body)
		}
	}
}

// A body of many small values would take far more memory than its length, so they are counted before it is decoded.
func TestValuesAreCountedBeforeABodyIsDecoded(t *testing.T) {
	decoded := 0
	formats := map[string]huma.Format{"json": {Unmarshal: func([]byte, any) error { decoded++; return nil }}}
	counted := countFirst(formats)
	list := func(value string, n int) []byte { return []byte("[" + strings.Repeat(value+",", n-1) + value + "]") }
	for name, c := range map[string]struct {
		body []byte
		ok   bool
	}{
		"objects": {list("{}", maxObjects), true}, "too many objects": {list("{}", maxObjects+1), false},
		"too many values": {list("1", maxValues+2), false}, "values": {list("1", maxValues/2), true},
	} {
		before := decoded
		if err := counted["json"].Unmarshal(c.body, nil); (err == nil) != c.ok || (decoded > before) != c.ok {
			t.Errorf("%s: %v, decoded %v", name, err, decoded > before)
		}
	}
	if err := formats["json"].Unmarshal(list("{}", maxObjects+1), nil); err != nil {
		t.Error("the given formats were changed")
	}
}

func TestEmptyParametersAreMistakes(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	for path, want := range map[string]int{"/api/v1/runs?limit=1": 200, "/api/v1/runs?limit=": 422, "/api/v1/runs?limit": 422} {
		if resp := s.call("GET", path, "", nil); resp.StatusCode != want {
			t.Errorf("%s: %s, want %d", path, resp.Status, want)
		}
	}
}

// The API document lists the accepted values of fields, and distinguishes the types of reports from those of specs.
func TestAPIDocument(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	var document struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct {
					Type any
					Enum []string
				}
			}
		}
	}
	resp := s.call("GET", "/api/v1/openapi.json", "", nil)
	if err := json.NewDecoder(resp.Body).Decode(&document); err != nil {
		t.Fatal(err)
	}
	schemas := document.Components.Schemas
	if got := schemas["Spec"].Properties["test_type"].Enum; !slices.Equal(got, []string{"avalanche", "tsunami"}) {
		t.Errorf("kinds: %q", got)
	}
	if got := schemas["Spec"].Properties["duration_us"].Type; got != "integer" {
		t.Errorf("a duration is %v", got)
	}
	for _, name := range []string{"Report", "ReportThreshold", "Threshold"} {
		if _, is := schemas[name]; !is {
			t.Errorf("no schema %s", name)
		}
	}
}
