package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/importer/draft"
	"landfall/loadgen/template"
)

// fill adds the parameters of an operation to a step. It returns the path, and the query parameters that are repeated and therefore
// belong into the URL.
func (a *apiImport) fill(o operation, s *loadgen.Step) (path, query string, err error) {
	path = o.path
	var pairs []string
	for _, p := range a.parameters(o) {
		where, name := text(p["in"]), text(p["name"])
		if where == "body" || where == "formData" {
			continue
		}
		v, given := a.parameter(p)
		switch {
		case !given && where == "path":
			return "", "", fmt.Errorf("no value can be generated for its parameter %.60q", name)
		case !given:
		case where == "path":
			path = strings.ReplaceAll(path, "{"+name+"}", inURL(v))
		case where == "query":
			pairs = append(pairs, a.addQuery(s, name, v, p)...)
		case where == "header":
			addHeader(s, name, v)
		case where == "cookie":
			addCookie(s, name, v)
		}
	}
	for i := range path {
		if path[i] == '{' && !strings.HasPrefix(path[i:], "{{") && (i == 0 || path[i-1] != '{') {
			return "", "", fmt.Errorf("its path has an undescribed parameter: %.60s", path[i:])
		}
	}
	return path, strings.Join(pairs, "&"), nil
}

// parameter returns the value of a parameter. Optional parameters without an example have none.
func (a *apiImport) parameter(p object) (v any, given bool) {
	if p["in"] == "path" || isTrue(p["required"]) {
		return a.example(p)
	}
	if v, given = a.ownExample(p); !given {
		a.skipped++
	}
	return v, given
}

// ownExample returns the example of a parameter, a media type or its schema.
func (a *apiImport) ownExample(p object) (any, bool) {
	schema := a.object(p["schema"])
	for _, o := range []object{p, schema} {
		for _, name := range []string{"example", "x-example"} {
			if v, has := o[name]; has && v != nil {
				return v, true
			}
		}
	}
	named := a.object(p["examples"])
	for _, name := range slices.Sorted(maps.Keys(named)) {
		if v, has := a.object(named[name])["value"]; has {
			return v, true
		}
	}
	if examples := list(schema["examples"]); len(examples) > 0 {
		return examples[0], true
	}
	return nil, false
}

// example returns a value for a parameter or media type: its example, or one that its schema describes.
func (a *apiImport) example(p object) (any, bool) {
	if v, has := a.ownExample(p); has {
		return v, true
	}
	if schema, has := p["schema"]; has {
		return a.value(schema)
	}
	for _, media := range a.object(p["content"]) { // a parameter has one media type
		return a.example(a.object(media))
	}
	return a.value(p) // Swagger 2.0: a parameter has the fields of a schema
}

// addQuery adds a parameter to a step's query. A list that is sent as repeated parameters returns its items after the first as pairs for
// the URL, since a query holds a name once.
func (a *apiImport) addQuery(s *loadgen.Step, name string, v any, p object) (pairs []string) {
	if s.Query == nil {
		s.Query = map[string]string{}
	}
	exploded := p["explode"] != false && (text(p["style"]) == "" || text(p["style"]) == "form")
	if a.swagger {
		exploded = text(p["collectionFormat"]) == "multi"
	}
	switch v := v.(type) {
	case []any:
		if !exploded || len(v) == 0 {
			break
		}
		for _, item := range v[1:] {
			pairs = append(pairs, inURL(name)+"="+inURL(item))
		}
		s.Query[template.Literal(name)] = templated(v[0])
		return pairs
	case object:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			switch {
			case text(p["style"]) == "deepObject":
				s.Query[template.Literal(name+"["+key+"]")] = templated(v[key])
			case exploded && p["content"] == nil:
				s.Query[template.Literal(key)] = templated(v[key])
			default:
				s.Query[template.Literal(name)] = templated(v)
			}
		}
		return nil
	}
	s.Query[template.Literal(name)] = templated(v)
	return nil
}

// addHeader adds a header, except those that are set by the body and by security.
func addHeader(s *loadgen.Step, name string, v any) {
	for _, other := range []string{"Content-Type", "Content-Length", "Authorization"} {
		if strings.EqualFold(name, other) {
			return
		}
	}
	if s.Headers == nil {
		s.Headers = map[string]string{}
	}
	s.Headers[name] = templated(v)
}

func addCookie(s *loadgen.Step, name string, v any) {
	pair := template.Literal(name) + "=" + templated(v)
	if have := s.Headers["Cookie"]; have != "" {
		pair = have + "; " + pair
	}
	addHeader(s, "Cookie", generated(pair))
}

// inURL encodes a value for a URL. Placeholders need no encoding there.
func inURL(v any) string {
	switch v := v.(type) {
	case generated, number:
		return templated(v)
	case []any:
		var parts []string
		for _, item := range v {
			parts = append(parts, inURL(item))
		}
		return strings.Join(parts, ",")
	case string:
		return string(template.URLPart.Append(nil, v))
	}
	return string(template.URLPart.Append(nil, templated(v)))
}

// secure applies the first supported alternative of an operation's security to a step.
func (a *apiImport) secure(o operation, s *loadgen.Step) error {
	given, own := o.fields["security"]
	if !own {
		given = a.root["security"]
	}
	alternatives := list(given)
	var problem error
	for _, alternative := range alternatives {
		trial := *s
		trial.Headers, trial.Query = maps.Clone(s.Headers), maps.Clone(s.Query)
		if problem = a.apply(a.object(alternative), &trial); problem == nil {
			*s = trial
			return nil
		}
	}
	if len(alternatives) > 0 {
		return problem
	}
	return nil
}

// apply applies all schemes of one alternative to a step. An empty alternative means no security.
func (a *apiImport) apply(alternative object, s *loadgen.Step) error {
	schemes := a.object(a.object(a.root["components"])["securitySchemes"])
	if a.swagger {
		schemes = a.object(a.root["securityDefinitions"])
	}
	for _, name := range slices.Sorted(maps.Keys(alternative)) {
		scheme := a.object(schemes[name])
		if scheme == nil {
			return fmt.Errorf("its security scheme %.60q is not defined", name)
		}
		if err := a.scheme(name, scheme, s); err != nil {
			return err
		}
	}
	return nil
}

func (a *apiImport) scheme(name string, scheme object, s *loadgen.Step) error {
	secret := "{{secret." + secretName(name) + "}}"
	kind := strings.ToLower(text(scheme["type"]) + " " + text(scheme["scheme"]))
	switch {
	case kind == "http basic", kind == "basic ":
		s.Auth = &loadgen.Auth{Basic: secret}
		a.Notes.Add("security scheme %.60q is basic authentication: set %s to USER:PASSWORD", name, secretName(name))
	case kind == "http bearer":
		s.Auth = &loadgen.Auth{Bearer: secret}
	case strings.HasPrefix(kind, "oauth2"), strings.HasPrefix(kind, "openidconnect"):
		s.Auth = &loadgen.Auth{Bearer: secret}
		a.Notes.Add("security scheme %.60q is OAuth 2.0 or OpenID Connect: set %s to an access token (the spec does not request one)", name, secretName(name))
	case strings.HasPrefix(kind, "apikey"):
		switch key := text(scheme["name"]); text(scheme["in"]) {
		case "query":
			if s.Query == nil {
				s.Query = map[string]string{}
			}
			s.Query[key] = secret
		case "cookie":
			addCookie(s, key, generated(secret))
		default:
			if s.Headers == nil {
				s.Headers = map[string]string{}
			}
			s.Headers[key] = secret
		}
	default:
		return fmt.Errorf("its security scheme %.60q (%.60s) is not supported", name, strings.TrimSpace(kind))
	}
	return nil
}

// secretName returns the name of a secret in the style of environment variables: API_KEY for apiKey or api-key.
func secretName(scheme string) string {
	var b strings.Builder
	lower := false
	for _, c := range draft.VariableName(scheme) {
		isUpper := c >= 'A' && c <= 'Z'
		if isUpper && lower {
			b.WriteByte('_')
		}
		lower = c >= 'a' && c <= 'z'
		b.WriteRune(c)
	}
	return strings.ToUpper(b.String())
}
