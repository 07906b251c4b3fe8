package importer

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"testing/fstest"
)

// attachedHAR is an archive with bodies in separate files, as Playwright writes it with the content "attach".
const attachedHAR = `{"log":{"creator":{"name":"Playwright"},"entries":[
 {"request":{"method":"POST","url":"http://a/login","headers":[{"name":"User-Agent","value":"b"}],"postData":{"mimeType":"application/json","params":[],"_file":"in.json"}},
  "response":{"status":200,"content":{"mimeType":"application/json","_file":"out.json"}}},
 {"request":{"method":"PUT","url":"http://a/items","headers":[{"name":"User-Agent","value":"b"},{"name":"X-Token","value":"token-12345"}],"postData":{"mimeType":"application/octet-stream","_file":"in.bin"}},
  "response":{"status":200,"content":{"mimeType":"image/png","_file":"lost.png"}}}]}}`

var attachedFiles = map[string]string{"in.json": `{"user":"ann"}`, "out.json": `{"token":"token-12345"}`, "in.bin": "\xff\x00"}

func TestBodiesInOtherFiles(t *testing.T) {
	files := fstest.MapFS{}
	for name, text := range attachedFiles {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	i, err := scenarioFromHAR([]byte(attachedHAR), files, "", false)
	checkAttached(t, i, err)

	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	attachedFiles["har.har"] = attachedHAR
	for name, text := range attachedFiles {
		if f, err := w.Create(name); err == nil {
			f.Write([]byte(text))
		}
	}
	w.Close()
	i, err = scenarioFromHAR(packed.Bytes(), nil, "", false)
	checkAttached(t, i, err)
}

func checkAttached(t *testing.T, i imported, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	first, second := i.Spec.Scenarios[0].Steps[0], i.Spec.Scenarios[0].Steps[1]
	if first.Body != `{"user":"ann"}` || first.Extract["token_1"].JSON != "$.token" || second.BodyBase64 != "/wA=" || second.Headers["X-Token"] != "{{token_1}}" {
		t.Errorf("%+v\n%+v", first, second)
	}
	if notes := strings.Join(i.Notes, "; "); !strings.Contains(notes, "lost.png") || strings.Contains(notes, "in.json") {
		t.Errorf("notes %q", notes)
	}
}

// A file outside the folder of the archive is not read, and a body that cannot be read is noted.
func TestBodiesInOtherFilesThatCannotBeRead(t *testing.T) {
	dir := fstest.MapFS{"big": &fstest.MapFile{Data: make([]byte, 9)}}
	for name, want := range map[string]string{"../in.json": "not exist", "none": "not exist", "big": "more than 8 bytes"} {
		a, i := attached{files: dir, left: 8}, &imported{}
		e := &harEntry{number: 3}
		e.Response.Content.File = name
		if a.fill(i, e); len(i.Notes) != 1 || !strings.Contains(i.Notes[0], want) {
			t.Errorf("%s: %q", name, i.Notes)
		}
	}
	i, err := fromHAR([]byte(attachedHAR), nil, "")
	if err != nil || !strings.Contains(strings.Join(i.Notes, "; "), `entry 1: its body is in another file: "in.json"`) {
		t.Errorf("%q, %v", i.Notes, err)
	}
	for _, data := range []string{"PK\x03\x04", "PK\x03\x04" + strings.Repeat("x", 100)} {
		if _, err := fromHAR([]byte(data), nil, ""); err == nil || !strings.HasPrefix(err.Error(), "har: zip: ") {
			t.Errorf("%v", err)
		}
	}
}
