package gateway

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
	"landfall/node/report"
	"landfall/node/report/reporttest"
)

var updateSchema = flag.Bool("update-schema", false, "write docs/report.schema.json")

const schemaPath = "../../docs/report.schema.json"

// reportSchema returns the report's JSON Schema, generated from its types.
func reportSchema(t *testing.T) (*huma.Schema, huma.Registry, []byte) {
	t.Helper()
	registry := huma.NewMapRegistry("#/$defs/", schemaName)
	registry.RegisterTypeAlias(reflect.TypeFor[loadgen.Duration](), reflect.TypeFor[int64]())
	registry.RegisterTypeAlias(reflect.TypeFor[hdr.Histogram](), reflect.TypeFor[string]())
	registry.RegisterTypeAlias(reflect.TypeFor[loadgen.Spec](), reflect.TypeFor[map[string]any]()) // it has its own schema in the API's document
	root := registry.Schema(reflect.TypeFor[report.Report](), false, "")
	root.PrecomputeMessages()
	text, err := json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Report of a landfall run", "$ref": "#/$defs/Report", "$defs": withRoot(registry, root),
	}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return root, registry, append(text, '\n')
}

func withRoot(registry huma.Registry, root *huma.Schema) map[string]*huma.Schema {
	all := map[string]*huma.Schema{"Report": root}
	for name, s := range registry.Map() {
		if name != "Report" {
			all[name] = s
		}
	}
	return all
}

// docs/report.schema.json matches the types (-update-schema writes it), and reports match it.
func TestReportSchema(t *testing.T) {
	root, registry, text := reportSchema(t)
	if *updateSchema {
		if err := os.WriteFile(schemaPath, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(schemaPath)
	if err != nil || !bytes.Equal(have, text) {
		t.Fatalf("%s does not match the types: run go test ./node/gateway -run TestReportSchema -update-schema (%v)", schemaPath, err)
	}
	for name, r := range map[string]*report.Report{
		"calm": report.Build(reporttest.Healthy(), reporttest.T0.Add(time.Minute), "1.0"), "rough": report.Build(reporttest.Faulty(), reporttest.T0.Add(time.Minute), "1.0"),
	} {
		var value any
		encoded, _ := json.Marshal(r)
		if err := json.Unmarshal(encoded, &value); err != nil {
			t.Fatal(err)
		}
		var result huma.ValidateResult
		huma.Validate(registry, root, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, value, &result)
		for _, err := range result.Errors {
			t.Errorf("%s: %v", name, err)
		}
	}
}
