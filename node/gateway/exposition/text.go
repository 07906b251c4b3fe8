package exposition

import (
	"math"
	"strconv"
	"strings"
)

// Text encodes the set in the text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/), which has no native
// histograms: of those it contains the count and the sum only.
func (s *Set) Text() []byte {
	var b []byte
	for _, f := range s.sorted() {
		b = append(b, "# HELP "+f.desc.Name+" "+helpEscapes.Replace(f.desc.Help)+"\n# TYPE "+f.desc.Name+" "+f.kind.word()+"\n"...)
		for _, x := range f.samples {
			b = f.appendText(b, x)
		}
	}
	return b
}

func (k kind) word() string {
	switch k {
	case counter:
		return "counter"
	case gauge:
		return "gauge"
	case summary:
		return "summary"
	}
	return "histogram"
}

func (f *family) appendText(b []byte, x sample) []byte {
	switch f.kind {
	case summary:
		for _, q := range x.quantiles {
			b = f.line(b, "", x, "quantile", q.Quantile, q.Value)
		}
		b = f.line(b, "_sum", x, "", 0, x.value)
		return f.line(b, "_count", x, "", 0, float64(x.count))
	case histogram:
		b = f.line(b, "_bucket", x, "le", math.Inf(1), float64(x.native.Count))
		b = f.line(b, "_sum", x, "", 0, x.native.Sum)
		return f.line(b, "_count", x, "", 0, float64(x.native.Count))
	}
	return f.line(b, "", x, "", 0, x.value)
}

// line appends one line. If label is not empty, it is a further label with the value at.
func (f *family) line(b []byte, suffix string, x sample, label string, at, v float64) []byte {
	var pairs []string
	for i, name := range f.desc.Labels {
		pairs = append(pairs, name+`="`+labelEscapes.Replace(x.labels[i])+`"`)
	}
	if label != "" {
		pairs = append(pairs, label+`="`+number(at)+`"`)
	}
	b = append(b, f.desc.Name+suffix...)
	if len(pairs) > 0 {
		b = append(b, "{"+strings.Join(pairs, ",")+"}"...)
	}
	return append(b, " "+number(v)+"\n"...)
}

var (
	helpEscapes  = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	labelEscapes = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
)

func number(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "+Inf"
	case math.IsInf(v, -1):
		return "-Inf"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
