package loadgen

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
)

// noText is every byte, and what would be a placeholder in a text.
func noText() []byte {
	raw := []byte("{{seq}}")
	for b := range 256 {
		raw = append(raw, byte(b))
	}
	return raw
}

// A body that is no text arrives byte for byte, whatever the spec went through on its way.
func TestBodiesThatAreNoText(t *testing.T) {
	raw := noText()
	file := filepath.Join(t.TempDir(), "body")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	fromFile, err := ParseSpec(filepath.Join(filepath.Dir(file), "spec.yaml"), []byte("method: POST\nbody_file: body\n"))
	if err != nil {
		t.Fatal(err)
	}
	fromCurl, err := SpecFromCurl("curl --data-binary @" + file + " http://127.0.0.1/")
	if err != nil {
		t.Fatal(err)
	}
	checkImported(t, fromCurl)
	upload, err := SpecFromCurl("curl -T " + file + " http://127.0.0.1/")
	if err != nil {
		t.Fatal(err)
	}
	var set, ofMessage Spec
	set.SetBody(raw)
	text, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &ofMessage); err != nil {
		t.Fatal(err)
	}
	both := func(s *httptest.Server) {
		s.Config.Protocols = new(http.Protocols)
		s.Config.Protocols.SetHTTP1(true)
		s.Config.Protocols.SetUnencryptedHTTP2(true)
		s.Start()
	}
	for name, spec := range map[string]Spec{
		"spec file": fromFile, "curl": fromCurl, "curl's upload": upload, "message": ofMessage,
		"named request": {Body: "of the others", Requests: []Request{{Name: "a", BodyBase64: set.BodyBase64}}},
		"HTTP/2":        {HTTP2: true, BodyBase64: set.BodyBase64},
	} {
		t.Run(name, func(t *testing.T) {
			var wrong atomic.Int64
			r := serve(t, func(w http.ResponseWriter, q *http.Request) {
				if got, err := io.ReadAll(q.Body); err != nil || string(got) != string(raw) || q.Method == "GET" {
					wrong.Add(1)
				}
			}, both)
			spec.Target, spec.Count, spec.Duration, spec.Connections = r.url, 20, 0, 2
			out := carry(t, spec, Options{}, Share{}, nil)
			if out.Total.Responses != 20 || wrong.Load() != 0 {
				t.Errorf("%+v; %d arrived as something else", out.Total, wrong.Load())
			}
		})
	}
}

func TestFormsWithFilesThatAreNoText(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.png")
	if err := os.WriteFile(file, noText(), 0o600); err != nil {
		t.Fatal(err)
	}
	spec, err := SpecFromCurl("curl -F f=@" + file + " http://127.0.0.1/")
	if err != nil || spec.Body != "" || spec.BodyBase64 == "" {
		t.Errorf("%v, %+v", err, spec)
	}
	checkImported(t, spec)
}

func TestBodiesThatAreTextsStayTexts(t *testing.T) {
	spec := Spec{BodyBase64: "AA=="}
	spec.SetBody([]byte("grüße {{seq}}"))
	if want := (Spec{Body: "grüße {{seq}}"}); !reflect.DeepEqual(spec, want) {
		t.Errorf("%+v", spec)
	}
}

func TestWrongBodies(t *testing.T) {
	for want, spec := range map[string]Spec{
		"body_base64: give body or body_base64": {Body: "a", BodyBase64: "YQ=="},
		`body_base64 "YQ": must be base64`:      {BodyBase64: "YQ"},
		"body_base64 5592412: must be at most":  {BodyBase64: strings.Repeat("A", 5592412)},
		"requests[0].body_base64":               {Requests: []Request{{Name: "a", BodyBase64: "!"}}},
	} {
		spec.Target, spec.Count = "http://127.0.0.1/", 1
		if err := spec.WithDefaults().Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
