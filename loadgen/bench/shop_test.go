//go:build unix

package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"landfall/loadgen/script"
	"landfall/loadgen/specfile"
)

// Each program gets its URL and length, in its arguments or its file. Those of landfall are valid specs.
func TestVisitors(t *testing.T) {
	const url = "http://127.0.0.1:1234"
	dir := t.TempDir()
	var names []string
	for _, v := range visitors("landfall") {
		names = append(names, v.name)
		args, err := v.args(url, dir, 3*time.Second)
		if err != nil {
			t.Fatal(v.name, err)
		}
		text := strings.Join(args, " ")
		for _, arg := range args {
			data, err := os.ReadFile(arg)
			if err != nil {
				continue
			}
			if text += string(data); !strings.HasSuffix(arg, ".yaml") {
				continue
			}
			spec, err := specfile.Parse(arg, data)
			if err == nil {
				err = script.Check(spec.WithDefaults())
			}
			if err != nil || spec.Users != shopUsers {
				t.Errorf("%s: %d users, %v", v.name, spec.Users, err)
			}
		}
		if !strings.Contains(text, url) || !strings.Contains(text, "3s") || !strings.Contains(text, fmt.Sprint(shopUsers)) {
			t.Errorf("%s: %s", v.name, text)
		}
	}
	for _, b := range shopBars {
		if !slices.Contains(names, b.what) || !slices.Contains(names, b.of) || b.must <= 0 {
			t.Errorf("%+v compares programs that are not run: %q", b, names)
		}
	}
}
