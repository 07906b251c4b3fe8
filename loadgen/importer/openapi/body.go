package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/template"
)

const (
	formMedia      = "application/x-www-form-urlencoded"
	multipartMedia = "multipart/form-data"
)

// body sets the body of a step.
func (a *apiImport) body(o operation, s *loadgen.Step) error {
	if a.swagger {
		return a.swaggerBody(o, s)
	}
	request := a.object(o.fields["requestBody"])
	content := a.object(request["content"])
	if len(content) == 0 {
		return nil
	}
	if len(content) > 1 {
		a.media++
	}
	kind := preferred(slices.Sorted(maps.Keys(content)))
	media := a.object(content[kind])
	v, ok := a.example(media)
	if !ok {
		return fmt.Errorf("no value can be generated for its body of type %.80s", kind)
	}
	return a.setBody(s, kind, v, media)
}

// swaggerBody sets the body of a step from the body or formData parameters of Swagger 2.0.
func (a *apiImport) swaggerBody(o operation, s *loadgen.Step) error {
	kinds := list(o.fields["consumes"])
	if len(kinds) == 0 {
		kinds = list(a.root["consumes"])
	}
	var names []string
	for _, kind := range kinds {
		names = append(names, text(kind))
	}
	slices.Sort(names)
	form, schema := object{}, object{}
	isMultipart := false
	for _, p := range a.parameters(o) {
		switch text(p["in"]) {
		case "body":
			v, ok := a.example(p)
			if !ok {
				return fmt.Errorf("no value can be generated for its body")
			}
			return a.setBody(s, preferred(names), v, p)
		case "formData":
			isFile := text(p["type"]) == "file"
			isMultipart = isMultipart || isFile
			if v, given := a.parameter(p); given {
				form[text(p["name"])] = v
			}
			if isFile {
				form[text(p["name"])], schema[text(p["name"])] = "example", object{"format": "binary"}
			}
		}
	}
	switch {
	case len(form) == 0:
		return nil
	case isMultipart || slices.Contains(names, multipartMedia) && !slices.Contains(names, formMedia):
		return a.setBody(s, multipartMedia, form, object{"schema": object{"properties": schema}})
	}
	return a.setBody(s, formMedia, form, nil)
}

// preferred returns the media type to send: JSON, a form, a multipart form, or the first one.
func preferred(kinds []string) string {
	for _, fits := range []func(string) bool{isJSON, func(k string) bool { return baseOf(k) == formMedia }, func(k string) bool { return baseOf(k) == multipartMedia }} {
		if i := slices.IndexFunc(kinds, fits); i >= 0 {
			return kinds[i]
		}
	}
	if len(kinds) == 0 {
		return "application/json"
	}
	return kinds[0]
}

func baseOf(kind string) string {
	base, _, _ := strings.Cut(strings.ToLower(kind), ";")
	return strings.TrimSpace(base)
}

func isJSON(kind string) bool {
	base := baseOf(kind)
	return base == "*/*" || strings.HasSuffix(base, "/json") || strings.HasSuffix(base, "+json")
}

// setBody encodes v as a body of media type kind. media is the media type object of the document.
func (a *apiImport) setBody(s *loadgen.Step, kind string, v any, media object) error {
	fields, isObject := v.(object)
	switch base := baseOf(kind); {
	case isJSON(kind):
		s.JSON = jsonTemplate(v)
	case base == formMedia && isObject:
		s.Form = map[string]string{}
		for name, v := range fields {
			encoding := a.object(a.object(media["encoding"])[name])
			addField(s.Form, name, v, text(encoding["style"]) == "deepObject")
		}
	case base == multipartMedia && isObject:
		s.Multipart = map[string]loadgen.Part{}
		for name, v := range fields {
			s.Multipart[name] = a.part(name, v, a.object(a.object(a.object(media["schema"])["properties"])[name]))
		}
		return nil
	case strings.HasPrefix(base, "multipart/"), strings.HasSuffix(base, "xml") && isObject:
		return fmt.Errorf("a body of type %.80s cannot be generated from a schema", kind)
	default:
		s.Body = templated(v)
	}
	if base := baseOf(kind); base != "application/json" && base != formMedia && !strings.Contains(base, "*") {
		if s.Headers == nil {
			s.Headers = map[string]string{}
		}
		s.Headers["Content-Type"] = kind
	}
	return nil
}

// addField adds a field to a form: one value, or with deep one field for each value in it, such as address[city].
func addField(form map[string]string, name string, v any, deep bool) {
	fields, isObject := v.(object)
	items, isList := v.([]any)
	if !deep || !isObject && !isList {
		form[template.Literal(name)] = templated(v)
	}
	if deep {
		for key, inner := range fields {
			addField(form, name+"["+key+"]", inner, deep)
		}
		for n, inner := range items {
			addField(form, name+"["+strconv.Itoa(n)+"]", inner, deep)
		}
	}
}

// part returns a part of a multipart form. It is a file if its schema is binary.
func (a *apiImport) part(name string, v any, schema object) loadgen.Part {
	if items := a.object(schema["items"]); items != nil && kindOf(schema) == "array" { // only one part can have this name
		schema = items
		if all := list(v); len(all) > 0 {
			v = all[0]
		}
	}
	p := loadgen.Part{Body: templated(v)}
	if text(schema["format"]) == "binary" || schema["contentMediaType"] != nil {
		p.Filename, p.Type = name+".bin", text(schema["contentMediaType"])
	}
	return p
}
