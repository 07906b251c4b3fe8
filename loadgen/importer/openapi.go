package importer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"landfall/loadgen/specfile"
)

// Bounds of OpenAPI documents, in bytes. Reading YAML takes some thirty times as long as JSON.
const (
	maxOpenAPI     = 64 << 20
	maxOpenAPIYAML = 16 << 20
)

// maxReferences bounds references that lead to references.
const maxReferences = 32

// object is a JSON object of a document.
type object = map[string]any

// apiDocument is an OpenAPI document, 3.0 or 3.1 (https://spec.openapis.org/oas/), or Swagger 2.0.
type apiDocument struct {
	root    object
	swagger bool           // 2.0
	missing map[string]int // references that lead nowhere, or to other documents
}

// readOpenAPI reads a document in JSON or YAML.
func readOpenAPI(data []byte) (*apiDocument, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(data) > maxOpenAPI {
		return nil, fmt.Errorf("openapi: %d bytes: at most %d", len(data), maxOpenAPI)
	}
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) {
		text, err := specfile.YAMLToJSON("document", data, maxOpenAPIYAML)
		if err != nil {
			return nil, fmt.Errorf("openapi: %w", err)
		}
		data = text
	}
	d := &apiDocument{missing: map[string]int{}}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber() // 64-bit examples stay what they are
	if err := decoder.Decode(&d.root); err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	version := text(d.root["openapi"])
	switch {
	case text(d.root["swagger"]) == "2.0":
		d.swagger = true
	case !strings.HasPrefix(version, "3."):
		return nil, fmt.Errorf("openapi: the document's version is %q: must be OpenAPI 3.x or Swagger 2.0", version+text(d.root["swagger"]))
	}
	return d, nil
}

// object is what a value is or refers to; nil: it is no object.
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

// at is the value that a reference inside the document names (RFC 6901); nil: there is none.
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

// text is a value that is a string, or a number as it is written; else "".
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// list is a value that is a list; else nil.
func list(v any) []any {
	l, _ := v.([]any)
	return l
}

func isTrue(v any) bool { return v == true }

// apiMethods in the order in which operations of a path are taken.
var apiMethods = []string{"get", "post", "put", "patch", "delete", "head", "options"}

// operation is one of a document, with what it takes from its path.
type operation struct {
	method, path string
	fields       object
	item         object // of the path
}

// operations are those of a document that have one of the tags, or all; with their paths in order.
func (d *apiDocument) operations(i *imported, tags []string) (all []operation) {
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
		i.note("left out: %d operations with the method TRACE, which a step cannot have", traces)
	}
	return all
}

func hasTag(fields object, tags []string) bool {
	return slices.ContainsFunc(list(fields["tags"]), func(tag any) bool { return slices.Contains(tags, text(tag)) })
}

// parameters are those of an operation: its own, and those of its path that it does not replace.
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

// server is the base URL of an operation; "": the document has none. Its variables have their defaults.
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
