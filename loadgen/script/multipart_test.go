package script

import (
	"bufio"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"landfall/loadgen"
)

// net/http parses a multipart body into the parts of the step, values before files.
func TestMultipart(t *testing.T) {
	binary := "\x00\xff\r\n--x"
	text := rendered(t, loadgen.Step{Post: "/upload", Multipart: map[string]loadgen.Part{
		"a file": {BodyBase64: base64.StdEncoding.EncodeToString([]byte(binary)), Filename: `{{csv.user}} "1".bin`},
		"note":   {Body: "{{currency}} & {{nasty}}"}, "other": {Body: "<x/>", Filename: "x.xml", Type: "text/xml"},
	}})
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for parts := multipart.NewReader(r.Body, params["boundary"]); ; {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.Join([]string{p.FormName(), p.FileName(), p.Header.Get("Content-Type"), string(body)}, "|"))
	}
	want := []string{`note|||EUR & a/b &"c"`, "a file|ann %221%22.bin|application/octet-stream|" + binary, "other|x.xml|text/xml|<x/>"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q\nwant %q", got, want)
	}
}

func TestInvalidMultipart(t *testing.T) {
	parts := map[string]loadgen.Part{"a": {Body: "1"}}
	for want, step := range map[string]loadgen.Step{
		"multipart sets this header":     {Post: "/", Multipart: parts, Headers: map[string]string{"content-type": "multipart/form-data"}},
		"set only one of json, form":     {Post: "/", Multipart: parts, Body: "x"},
		"multipart.a.type":               {Post: "/", Multipart: map[string]loadgen.Part{"a": {Body: "1", Type: "a\nb"}}},
		"multipart.a.body_base64":        {Post: "/", Multipart: map[string]loadgen.Part{"a": {BodyBase64: "!"}}},
		"no earlier step sets the varia": {Post: "/", Multipart: map[string]loadgen.Part{"a": {Body: "{{nobody}}"}}},
	} {
		if _, err := Compile(scenarioSpec(step), Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
