package importer

import (
	"io"
	"mime"
	"mime/multipart"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestCurlForm(t *testing.T) {
	page := filepath.Join(t.TempDir(), `p"age.html`)
	if err := os.WriteFile(page, []byte("<p>\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	line := `curl http://a/x -F 'a=b c' -F 'j={"n":1};type=application/json' -F 'q="x;y\"z"' --form-string 't=@u;v' -F 'f=@"` +
		strings.ReplaceAll(page, `"`, `\"`) + `"' -F 'g=<"` + strings.ReplaceAll(page, `"`, `\"`) + `";type=text/x;filename=other'`
	i, err := fromCurl(line)
	if err != nil {
		t.Fatal(err)
	}
	spec := i.Spec
	kind, params, err := mime.ParseMediaType(spec.Headers["Content-Type"])
	if err != nil || kind != "multipart/form-data" || spec.Method != "POST" {
		t.Fatalf("%s %s %v", spec.Method, kind, err)
	}
	type part struct{ name, filename, kind, text string }
	var got []part
	for r := multipart.NewReader(strings.NewReader(spec.Body), params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, part{p.FormName(), p.FileName(), p.Header.Get("Content-Type"), string(text)})
	}
	want := []part{
		{"a", "", "", "b c"}, {"j", "", "application/json", `{"n":1}`}, {"q", "", "", `x;y"z`}, {"t", "", "", "@u;v"},
		{"f", "p%22age.html", "text/html", "<p>\n"}, {"g", "other", "text/x", "<p>\n"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	checkImported(t, spec)
}

func TestCurlUpload(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a b.txt")
	if err := os.WriteFile(file, []byte("text\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"curl http://a/up/x -T '" + file + "'":        "PUT http://a/up/x",
		"curl http://a/up/ -T '" + file + "'":         "PUT http://a/up/a%20b.txt",
		"curl -T '" + file + "' http://a":             "PUT http://a/a%20b.txt",
		"curl -X POST http://a/x?y -T '" + file + "'": "POST http://a/x?y",
	} {
		i, err := fromCurl(line)
		spec := i.Spec
		if err != nil || spec.Method+" "+spec.Target != want || spec.Body != "text\n" || spec.Headers["Content-Type"] != "" {
			t.Errorf("%s: %+v %v, want %s", line, spec, err, want)
		}
	}
}

func TestCurlMultipartRelated(t *testing.T) {
	i, err := fromCurl(`curl http://a -H 'Content-Type: multipart/related; type=x' -F a=b -F 'c={{d}}'`)
	kind := i.Spec.Headers["Content-Type"]
	if err != nil || !strings.HasPrefix(kind, "multipart/related; type=x; boundary=landfall-") {
		t.Fatalf("%q, %v", kind, err)
	}
	if !strings.Contains(i.Spec.Body, "Content-Disposition: attachment; name=\"a\"\r\n\r\nb\r\n") || !strings.Contains(i.Spec.Body, `{{"{{"}}d}}`) {
		t.Errorf("body %q", i.Spec.Body)
	}
}
