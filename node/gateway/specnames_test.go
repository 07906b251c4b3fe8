package gateway

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// A spec file that was converted to JSON can be posted as it is.
func TestPostSpecFile(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	body := `{"spec":{"target":"` + s.target + `/ping","kind":"tsunami","rate":100,"duration":"200ms","connections":2,"thresholds":["failed<1%"]},"count":1}`
	resp := s.call("POST", "/api/v1/runs", body, nil)
	text, _ := io.ReadAll(resp.Body)
	var run Run
	if err := json.Unmarshal(text, &run); err != nil || resp.StatusCode != http.StatusCreated {
		t.Fatalf("%s %s %v", resp.Status, text, err)
	}
	if run.Kind != "tsunami" || run.Drivers == nil || len(run.Thresholds) > 1 {
		t.Errorf("got %+v", run)
	}
}

func TestPostInvalidSpecNames(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	for spec, want := range map[string]string{
		`{"target":"http://127.0.0.1/","rate":5,"rate_rps":5}`:      "set one of them",
		`{"target":"http://127.0.0.1/","duraton":"1s"}`:             "did you mean duration?",
		`{"target":"http://127.0.0.1/","duration":5}`:               "must be a number with a unit",
		`{"target":"http://127.0.0.1/","body_file":"/etc/passwd"}`:  "only spec files can name files",
		`{"target":"http://127.0.0.1/","rate":"many","count":"1s"}`: "body.spec.",
	} {
		resp := s.call("POST", "/api/v1/runs", `{"spec":`+spec+`}`, nil)
		text, _ := io.ReadAll(resp.Body)
		if resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(text), want) || !strings.Contains(string(text), "body.spec.") {
			t.Errorf("%s: %s %s, want %s", spec, resp.Status, text, want)
		}
	}
}
