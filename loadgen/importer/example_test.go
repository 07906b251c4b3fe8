package importer_test

import (
	"fmt"

	"landfall/loadgen/importer"
	"landfall/loadgen/specfile"
)

// Convert a curl command to a spec file. Notes tell what the spec does not hold.
func Example() {
	spec, err := importer.FromCurl(`curl -sL -X PUT -H 'Content-Type: application/json' -d '{"n":1}' http://127.0.0.1:8080/items/7`,
		func(note string) { fmt.Println("#", note) })
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := specfile.Marshal(spec)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(text))
	// Output:
	// # curl's -L: redirects are counted, not followed
	// target: http://127.0.0.1:8080/items/7
	// method: PUT
	// headers:
	//   Accept: "*/*"
	//   Content-Type: application/json
	// body: "{\"n\":1}"
	// duration: 10s
}
