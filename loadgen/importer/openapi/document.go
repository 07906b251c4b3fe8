package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"landfall/loadgen/field"
	"landfall/loadgen/importer/draft"
	"landfall/loadgen/specfile"
)

// Maximum size of OpenAPI documents, in bytes. Parsing YAML takes about thirty times as long as JSON.
const (
	maxOpenAPI     = 64 << 20
	maxOpenAPIYAML = 16 << 20
)

// maxReferences is the maximum length of a chain of references.
const maxReferences = 32

// object is a JSON object.
type object = map[string]any

// apiDocument is an OpenAPI document, 3.0 or 3.1 (https://spec.openapis.org/oas/), or Swagger 2.0.
type apiDocument struct {
	root    object
	swagger bool           // 2.0
	missing map[string]int // references that cannot be resolved in this document
}

// readOpenAPI parses a document in JSON or YAML.
func readOpenAPI(data []byte) (*apiDocument, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(data) > maxOpenAPI {
		return nil, fmt.Errorf("openapi: the document has %d bytes: must be at most %d", len(data), maxOpenAPI)
	}
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) {
		text, err := specfile.YAMLToJSON("openapi", data, maxOpenAPIYAML)
		if err != nil {
			return nil, err
		}
		data = text
	}
	d := &apiDocument{missing: map[string]int{}}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber() // keep all digits of 64-bit integers
	err := decoder.Decode(&d.root)
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind):
		return nil, fmt.Errorf("openapi: the document is a %s: must be an object with openapi or swagger, info and paths", kind.Value)
	case err != nil:
		return nil, field.JSON("openapi", data, err)
	}
	version := text(d.root["openapi"])
	switch {
	case text(d.root["swagger"]) == "2.0":
		d.swagger = true
	case !strings.HasPrefix(version, "3."):
		return nil, fmt.Errorf("openapi: version %q: must be OpenAPI 3.x or Swagger 2.0", version+text(d.root["swagger"]))
	}
	return d, nil
}

// object resolves references and returns the object, or nil if the value is not an object.
func (d *apiDocument) object(v any) object {
	for range maxReferences {
		o, _ := v.(object)
		ref, isRef := o["$ref"].(string)
		if !isRef {
			return o
		}
		if v = d.at(ref); v == nil {
			d.missing[ref]++
			return nil
		}
	}
	return nil
}

// at returns the value at a JSON pointer (RFC 6901) in this document, or nil.
func (d *apiDocument) at(ref string) any {
	path, ok := strings.CutPrefix(ref, "#/")
	if !ok {
		return nil
	}
	var v any = d.root
	for part := range strings.SplitSeq(path, "/") {
		o, _ := v.(object)
		v = o[pointer.Replace(part)]
	}
	return v
}

var pointer = strings.NewReplacer("~1", "/", "~0", "~", "%7B", "{", "%7D", "}", "%20", " ")

// text returns a string, or a number as it is written, or "" for other values.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// list returns a list, or nil for other values.
func list(v any) []any {
	l, _ := v.([]any)
	return l
}

func isTrue(v any) bool { return v == true }

// apiMethods are the methods of a path item, in the order of the steps.
var apiMethods = []string{"get", "post", "put", "patch", "delete", "head", "options"}

// operation is an operation of a document.
type operation struct {
	method, path string
	fields       object
	item         object // the path item
}

// operations returns the operations that have one of the tags, or all if there are no tags, ordered by path.
func (d *apiDocument) operations(list *draft.Notes, tags []string) (all []operation) {
	paths := d.object(d.root["paths"])
	traces := 0
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item := d.object(paths[path])
		for _, method := range apiMethods {
			fields := d.object(item[method])
			if fields == nil || len(tags) > 0 && !hasTag(fields, tags) {
				continue
			}
			all = append(all, operation{method: method, path: path, fields: fields, item: item})
		}
		if item["trace"] != nil {
			traces++
		}
	}
	if traces > 0 {
		list.Add("left out: %s with the method TRACE, which steps do not support", draft.Count(traces, "operation", "operations"))
	}
	return all
}

func hasTag(fields object, tags []string) bool {
	return slices.ContainsFunc(list(fields["tags"]), func(tag any) bool { return slices.Contains(tags, text(tag)) })
}

// parameters returns the parameters of an operation, including those of its path that it does not override.
func (d *apiDocument) parameters(o operation) (all []object) {
	at := map[string]int{}
	for _, given := range append(slices.Clone(list(o.item["parameters"])), list(o.fields["parameters"])...) {
		p := d.object(given)
		key := text(p["in"]) + " " + text(p["name"])
		if p == nil {
			continue
		}
		if n, has := at[key]; has {
			all[n] = p
			continue
		}
		at[key] = len(all)
		all = append(all, p)
	}
	return all
}

// server returns the base URL of an operation, with the defaults of its variables, or "".
func (d *apiDocument) server(o operation) string {
	if d.swagger {
		return d.swaggerServer(o)
	}
	for _, holder := range []object{o.fields, o.item, d.root} {
		for _, given := range list(holder["servers"]) {
			s := d.object(given)
			url := text(s["url"])
			for name, v := range d.object(s["variables"]) {
				url = strings.ReplaceAll(url, "{"+name+"}", text(d.object(v)["default"]))
			}
			if url != "" {
				return url
			}
		}
	}
	return ""
}

func (d *apiDocument) swaggerServer(o operation) string {
	scheme := "https"
	for _, holder := range []object{o.fields, d.root} {
		if schemes := list(holder["schemes"]); len(schemes) > 0 {
			scheme = text(schemes[0])
			break
		}
	}
	host, base := text(d.root["host"]), "/"+strings.TrimPrefix(text(d.root["basePath"]), "/")
	if host == "" {
		return base
	}
	return scheme + "://" + host + base
}
