package specfile

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"landfall/loadgen/extract"
)

func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("spec.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("spec.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// valid validates YAML as an editor does.
func valid(t *testing.T, s *jsonschema.Schema, text []byte) error {
	t.Helper()
	encoded, err := yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(value)
}

// Every example in the documentation, and the output of Marshal for it, matches the schema.
func TestExamplesMatchTheSchema(t *testing.T) {
	s := compiledSchema(t)
	files, err := filepath.Glob("../../docs/examples/*.yaml")
	if err != nil || len(files) < 14 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(t, s, text); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		spec, err := Parse(file, text)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		written, err := Marshal(spec)
		if err == nil {
			err = valid(t, s, written)
		}
		if err != nil {
			t.Errorf("%s, written again: %v\n%s", file, err, written)
		}
	}
	if err := valid(t, s, []byte(scenarioFile)); err != nil {
		t.Error(err)
	}
}

// The schema rejects the same structural mistakes as Parse.
func TestSchemaAgreesWithParse(t *testing.T) {
	s := compiledSchema(t)
	for _, text := range []string{
		"conections: 3", "kind: flood", "duration: 10", "duration: ten", "rate: fast", "burst: 1", "scenarios: {name: a}",
		"scenarios: [{name: a, steps: [{gett: /}]}]", "scenarios: [{name: a, steps: [{name: x}]}]", "scenarios: [{steps: [{get: /}]}]",
		"data: {d: {file: x.csv, pick: unik}}", "thresholds: [{exprs: p99<1s}]", "scenarios: [{name: a, steps: [{get: /, extract: {x: {json: $.a, pick: any}}}]}]",
		"setup: [{get: /, multipart: {f: {pth: x}}}]", "stages: [{duration: 1m, user: 3}]",
	} {
		if valid(t, s, []byte(text)) == nil {
			t.Errorf("%s: the schema accepts it", text)
		}
	}
	for _, text := range []string{"duration: 1m30s", "duration: 1.5s", "thresholds: [p99<250ms, {expr: failed<1%, abort: true, after: 10s}]", "setup: [{get: /, multipart: {f: 12, g: {path: x}}}]"} {
		if err := valid(t, s, []byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	var doc struct {
		Defs map[string]struct {
			Properties map[string]struct{ Enum []string }
		} `json:"$defs"`
	}
	text, err := Schema()
	if err == nil {
		err = json.Unmarshal(text, &doc)
	}
	if err != nil || !slices.Equal(doc.Defs["Extract"].Properties["pick"].Enum, extract.Picks) {
		t.Errorf("%v, picks %v", err, doc.Defs["Extract"].Properties["pick"].Enum)
	}
}
