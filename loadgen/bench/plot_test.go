//go:build unix

package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestPlot(t *testing.T) {
	var out strings.Builder
	writePlot(&out, []*row{
		{scenario: "a & b", tool: "./landfall", rounds: []result{{cpu: 3}, {cpu: 2}, {cpu: 4}}},
		{scenario: "a & b", tool: "wrk", rounds: []result{{cpu: 8}}},
		{scenario: "a & b", tool: "ab", failed: errors.New("it broke")},
	})
	for d := xml.NewDecoder(strings.NewReader(out.String())); ; {
		_, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v in %s", err, out.String())
		}
	}
	for _, want := range []string{
		`<rect class="ours" x="140" y="45" width="210.0"`, // 3 of 8 of 560
		`x1="280.0" x2="420.0"`,                           // 2 … 4
		`<rect class="bar" x="140" y="63" width="560.0"`, ">8.00<",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in %s", want, out.String())
		}
	}
	if strings.Contains(out.String(), ">ab<") {
		t.Error("a failed tool has a bar")
	}
}
