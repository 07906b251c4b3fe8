package openapi

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/importer/draft"
)

// api returns an OpenAPI document with these paths and components, in YAML flow style.
func api(paths, components string) string {
	return "openapi: 3.1.0\nservers: [{url: 'https://{region}.shop.example/v1', variables: {region: {default: eu}}}]\npaths: {" + paths + "}\ncomponents: {" + components + "}\n"
}

// fromAPI imports a document.
func fromAPI(t *testing.T, document string) (spec loadgen.Spec, notes string) {
	t.Helper()
	var all []string
	spec, err := Import([]byte(document), "", nil, func(note string) { all = append(all, note) })
	if err != nil {
		t.Fatalf("%v\n%s", err, document)
	}
	return spec, strings.Join(all, "\n")
}

// only returns the step of a document with one operation.
func only(t *testing.T, document string) loadgen.Step {
	t.Helper()
	spec, notes := fromAPI(t, document)
	if steps := spec.Scenarios[0].Steps; len(steps) == 1 {
		return steps[0]
	}
	t.Fatalf("%d steps; %s", len(spec.Scenarios[0].Steps), notes)
	return loadgen.Step{}
}

// Every operation of some public documents becomes a step.
func TestPublicDocuments(t *testing.T) {
	for file, want := range map[string][]string{
		"petstore-expanded.yaml": {"https://petstore.swagger.io/", "findPets GET /v2/pets", `addPet POST /v2/pets {"name":"text","tag":"text"}`, "find pet by id GET /v2/pets/1", "deletePet DELETE /v2/pets/1"},
		"uspto.yaml":             {"https://developer.uspto.gov/", "list-data-sets GET /ds-api/ ", "list-searchable-fields GET /ds-api/oa_citations/v1/fields", "perform-search POST /ds-api/oa_citations/v1/records"},
		"petstore-v2.json":       {"https://petstore.swagger.io/", "addPet POST /v2/pet", "findPetsByStatus GET /v2/pet/findByStatus", "placeOrder POST /v2/store/order"},
	} {
		data, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		spec, notes := fromAPI(t, string(data))
		if strings.Contains(notes, "left out: GET") || strings.Contains(notes, "left out: P") {
			t.Errorf("%s: %s", file, notes)
		}
		text := spec.Target + "\n"
		for _, s := range spec.Scenarios[0].Steps {
			method, url, _ := s.Request()
			text += s.Name + " " + method + " " + url + " " + string(s.JSON) + "\n"
		}
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: no %q in\n%s", file, w, text)
			}
		}
	}
}

func TestInvalidDocuments(t *testing.T) {
	for document, want := range map[string]string{
		`{"openapi": "2.9"}`: "must be OpenAPI 3.x or Swagger 2.0", `{"swagger": "1.2"}`: "must be OpenAPI 3.x", "[1": "openapi:1:1: ", "{": "openapi:", "": `version ""`, "text": "openapi: the document is a string: must be an object",
		"openapi: 3.0.0\npaths: {/a: {get: {}}}": "set one with --target", "openapi: 3.0.0\nservers: [{url: 'http://a'}]\npaths: {/a: {$ref: other.yaml}}": "bundle them first",
		"openapi: 3.0.0\nservers: [{url: 'ftp://a'}]\npaths: {/a: {get: {}}}": "is not an http or https URL", "openapi: 3.0.0\npaths: {}": "no operation can be imported",
	} {
		if _, err := Import([]byte(document), "", nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", document, err, want)
		}
	}
}

// An import terminates, and its spec compiles.
func FuzzImport(f *testing.F) {
	f.Add([]byte(api(`"/a/{id}": {get: {parameters: [{name: id, in: path, required: true, schema: {$ref: "#/components/schemas/A"}}]}}`, `schemas: {A: {allOf: [{$ref: "#/components/schemas/A"}, {pattern: "^a+{2}$"}]}}`)))
	f.Add([]byte(`{"swagger":"2.0","host":"a","paths":{"/{{x}}":{"post":{"parameters":[{"in":"formData","name":"f","type":"file"}],"security":[{"k":[]}]}}},"securityDefinitions":{"k":{"type":"apiKey","in":"query","name":"q"}}}`))
	f.Add([]byte(`{"openapi":"3.0.0","servers":[{"url":"http://a"}],"paths":{"/":{"put":{"requestBody":{"content":{"multipart/form-data":{"example":{"a":[1,{"b":"{{"}]}}}}}}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		spec, err := Import(data, "", nil)
		if err != nil {
			return
		}
		if err := draft.Check(spec); err != nil {
			t.Fatalf("%v of %s", err, data)
		}
		for _, s := range spec.Scenarios[0].Steps {
			if len(s.JSON) > 0 && !json.Valid(s.JSON) {
				t.Fatalf("%s is not JSON", s.JSON)
			}
		}
	})
}
