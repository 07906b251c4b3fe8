package specfile

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"landfall/loadgen"
)

// Paths of tables and uploads are relative to the spec file.
func TestIncludedFiles(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"users.csv": "user,password\nann,secret\n", "cat.jpg": "\xff\xd8", "s.yaml": `
target: http://h.example
data:
  accounts: {file: users.csv, pick: unique}
  items: {rows: '[{"id": 1}]'}
scenarios:
  - name: a
    steps:
      - post: /upload
        multipart: {note: "{{uuid}}", n: 12, file: {path: cat.jpg}, other: {path: users.csv, filename: x.csv, type: text/csv}}
`} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "s.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	spec, err := Parse(filepath.Join(dir, "s.yaml"), text)
	if err != nil {
		t.Fatal(err)
	}
	if want := (map[string]loadgen.Dataset{"accounts": {Rows: "user,password\nann,secret\n", Pick: "unique"}, "items": {Rows: `[{"id": 1}]`}}); !reflect.DeepEqual(spec.Data, want) {
		t.Errorf("%+v", spec.Data)
	}
	want := map[string]loadgen.Part{
		"note": {Body: "{{uuid}}"}, "n": {Body: "12"}, "file": {BodyBase64: "/9g=", Filename: "cat.jpg"},
		"other": {Body: "user,password\nann,secret\n", Filename: "x.csv", Type: "text/csv"},
	}
	if got := spec.Scenarios[0].Steps[0].Multipart; !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	again, err := Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	if read, err := Parse("", again); err != nil || !reflect.DeepEqual(read, spec) {
		t.Errorf("%v, written as\n%s", err, again)
	}
}
