package importer

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"landfall/loadgen"
)

func TestFromVegeta(t *testing.T) {
	body := filepath.Join(t.TempDir(), "body.json")
	if err := os.WriteFile(body, []byte("{\"a\": \"{{b}}\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	want := loadgen.Spec{
		Target: "http://a:9090/", Order: "sequence", Duration: duration,
		Requests: []loadgen.Request{
			{Name: "GET /x", Method: "GET", URL: "/x?item=ball%20one"},
			{Name: "POST /x", Method: "POST", URL: "/x", Headers: map[string]string{"X-Account": "1, 2", "Content-Type": "application/json"}, Body: "{\"a\": \"{{\"{{\"}}b}}\"}\n"},
			{Name: "DELETE /", Method: "DELETE", URL: "/", Headers: map[string]string{"Authorization": "Basic dTpw"}},
		},
	}
	notes := []string{"header X-Account is given 2 times: its values are sent as one header, separated by commas", "left out: requests to https://a:9090/ (a spec has one target)"}
	for name, text := range map[string]string{
		"http": "# targets\nGET http://a:9090/x?item=ball one\nPOST http://A:9090/x\nX-Account: 1\nContent-Type: application/json\nX-Account: 2\n@" + body + "\n\nDELETE http://u:p@a:9090\r\n\nGET https://a:9090/\n",
		"json": `{"method":"GET","url":"http://a:9090/x?item=ball one"}` + "\n" +
			`{"method":"POST","url":"http://a:9090/x","header":{"X-Account":["1","2"],"Content-Type":["application/json"]},"body":"eyJhIjogInt7Yn19In0K"}` + "\n\n" +
			`{"method":"DELETE","url":"http://u:p@a:9090"}` + "\n" + `{"url":"https://a:9090/"}`,
	} {
		got, err := fromVegeta([]byte(text))
		if err != nil || !reflect.DeepEqual(got.Spec, want) || !reflect.DeepEqual(got.Notes, notes) {
			t.Errorf("%s: %v\n got %+v, notes %q\nwant %+v, notes %q", name, err, got.Spec, got.Notes, want, notes)
			continue
		}
		checkImported(t, got.Spec)
	}
}

// A URL without a host is sent to this machine, as by vegeta. Editors may write a byte order mark.
func TestVegetaWithoutAHost(t *testing.T) {
	for _, text := range []string{"GET http://:6060/a\n", "\ufeff# x\r\nGET http://localhost:6060/a\r\n", "\ufeff" + `{"url":"http://:6060/a"}`} {
		got, err := fromVegeta([]byte(text))
		if err != nil || got.Spec.Target != "http://localhost:6060/" || got.Spec.Requests[0].URL != "/a" {
			t.Errorf("%q: %+v, %v", text, got.Spec, err)
		}
	}
}

func TestFromVegetaErrors(t *testing.T) {
	for text, want := range map[string]string{
		"": "the file has no target", "# x\n": "the file has no target", "get http://a": `line 1: "get http://a": must be a method and a URL`,
		"GET http://a\nnonsense": `line 2: "nonsense": must be a header`, "GET http://a\n\nX: y": "line 3", "GET ftp://a": "line 1: \"ftp://a\": must be an http or https URL",
		"POST http://a\n@/nowhere/body": "line 2: stat /nowhere/body: no such file", "{\"url\":1}": "vegeta:1:1: url is a number: must be a string", "GET http://a\nHost: a\nHost: b": "line 1: header Host is given 2 times",
		"GET http://a\nx y: z": "is not a valid header name",
	} {
		if _, err := fromVegeta([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func FuzzFromVegeta(f *testing.F) {
	f.Add("GET http://a/x?{{seq}}\nA: b\n\nPUT http://a/\n")
	f.Add(`{"url":"http://a/","body":"/w==","header":{"A":["b"]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "@") {
			return // no files
		}
		if i, err := fromVegeta([]byte(text)); err == nil {
			checkImported(t, i.Spec)
		}
	})
}
