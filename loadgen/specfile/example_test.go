package specfile_test

import (
	"fmt"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/specfile"
)

// Read a spec file, change it, and write it again.
func Example() {
	spec, err := specfile.Parse("shop.yaml", []byte(`
target: http://127.0.0.1:8080/ping
rate: 200
duration: 30s
thresholds: ["p99<250ms"]
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	spec.Duration = loadgen.Duration(time.Minute)
	spec.Headers = map[string]string{"Accept": "text/plain"}
	text, err := specfile.Marshal(spec)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(text))
	// Output:
	// target: http://127.0.0.1:8080/ping
	// headers:
	//   Accept: text/plain
	// rate: 200
	// duration: 1m0s
	// thresholds:
	//   - expr: "p99<250ms"
}

// Errors name the line and the column of the mistake.
func ExampleParse_error() {
	_, err := specfile.Parse("shop.yaml", []byte("target: http://127.0.0.1:8080/ping\nraet: 200\n"))
	fmt.Println(err)
	// Output:
	// shop.yaml:2:1: unknown field "raet": did you mean rate?
}
