package specfile

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"landfall/loadgen"
)

// object is a node of a JSON Schema.
type object = map[string]any

// Schema returns the JSON Schema (draft 2020-12) of spec files. It is derived from [loadgen.Spec] and its doc comments.
func Schema() ([]byte, error) {
	s := schema{defs: object{}}
	root := s.of(reflect.TypeFor[loadgen.Spec]())
	doc := object{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "landfall spec file", "$ref": root["$ref"], "$defs": s.defs,
	}
	text, err := json.MarshalIndent(doc, "", "  ")
	return append(text, '\n'), err
}

// schema collects the definitions of structs.
type schema struct{ defs object }

// choices lists the accepted values of strings, by YAML name.
var choices = map[string][]string{
	"Spec.kind": {string(loadgen.Avalanche), string(loadgen.Tsunami)}, "Spec.order": {"weighted", "sequence"}, "Spec.arrivals": {"even", "poisson"},
	"Spec.takeover": {"fast", "safe"}, "Scenario.kind": {string(loadgen.Avalanche), string(loadgen.Tsunami)}, "Dataset.pick": loadgen.Picks, "Extract.pick": {"first", "last", "random", "all", "count"},
}

// required lists the required fields of structs.
var required = map[string][]string{"Scenario": {"name", "steps"}, "Request": {"name"}}

// Forms of single values. Most strings in YAML are not quoted, so a string may look like a number.
var (
	textForm     = object{"type": []string{"string", "number", "boolean"}}
	durationForm = object{"type": []string{"string", "integer"}, "pattern": `^\s*([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+\s*$`, "maximum": 0}
)

// of returns the schema of a type.
func (s *schema) of(t reflect.Type) object {
	switch {
	case t == durationType:
		return durationForm
	case t == jsonType:
		return object{}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Struct:
		return s.structure(t)
	case reflect.Map:
		return object{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.Slice:
		return object{"type": "array", "items": s.of(t.Elem())}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Float32, reflect.Float64:
		return object{"type": "number"}
	case reflect.String:
		return textForm
	case reflect.Uint, reflect.Uint64:
		return object{"type": "integer", "minimum": 0}
	}
	return object{"type": "integer"}
}

// structure returns a reference to the definition of a struct, which the first call adds.
func (s *schema) structure(t reflect.Type) object {
	ref := object{"$ref": "#/$defs/" + t.Name()}
	if _, made := s.defs[t.Name()]; made {
		return ref
	}
	s.defs[t.Name()] = object{} // for recursive structs
	properties := object{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if name == "-" {
			continue
		}
		properties[name] = s.of(t.Field(i).Type)
		if list := choices[t.Name()+"."+name]; list != nil {
			properties[name] = object{"enum": list}
		}
		properties[name] = described(properties[name].(object), t.Name()+"."+name)
	}
	for name := range includes[t] {
		properties[name] = object{"type": "string", "description": "A file, relative to the spec file."}
	}
	def := described(object{"type": "object", "properties": properties, "additionalProperties": false}, t.Name())
	if list := required[t.Name()]; list != nil {
		def["required"] = list
	}
	if shorthand[t] != "" {
		def = object{"anyOf": []object{textForm, def}}
	}
	s.defs[t.Name()] = def
	if t == reflect.TypeFor[loadgen.Step]() {
		def["anyOf"] = steps()
	}
	return ref
}

// steps requires that a step has one of the kinds of steps.
func steps() (list []object) {
	for _, kind := range loadgen.StepKinds {
		list = append(list, object{"required": []string{kind}})
	}
	return slices.Clip(list)
}
