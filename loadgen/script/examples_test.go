package script_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"landfall/loadgen/script"
	"landfall/loadgen/specfile"
)

// Every example in the documentation compiles when its environment variables are set, and states which parts it leaves out.
func TestExamplesCompile(t *testing.T) {
	files, err := filepath.Glob("../../docs/examples/*.yaml")
	if err != nil || len(files) < 14 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	note := regexp.MustCompile(`(?m)^# (Whole|Cannot be said|The sample target)`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !note.Match(text) {
			t.Errorf("%s does not state whether it is complete", file)
		}
		spec, err := specfile.Parse(file, text)
		if err == nil {
			err = script.Check(spec.WithDefaults().Compose(func(string) (string, bool) { return "x", true }))
		}
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}
