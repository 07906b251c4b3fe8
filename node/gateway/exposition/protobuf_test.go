package exposition

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// Prometheus's own parsers accept both forms, and both have the same content.
func TestFormsAgree(t *testing.T) {
	parser := expfmt.NewTextParser(model.UTF8Validation)
	texts, err := parser.TextToMetricFamilies(bytes.NewReader(shown().Text()))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	decoder := expfmt.NewDecoder(bytes.NewReader(shown().Protobuf()), expfmt.NewFormat(expfmt.TypeProtoDelim))
	for {
		f := &dto.MetricFamily{}
		if err := decoder.Decode(f); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		names = append(names, f.GetName())
		text := texts[f.GetName()]
		if text.GetHelp() != f.GetHelp() || text.GetType() != f.GetType() || len(text.GetMetric()) != len(f.GetMetric()) {
			t.Errorf("%s: text %v, protobuf %v", f.GetName(), text, f)
			continue
		}
		for i, m := range f.GetMetric() {
			same(t, text.GetMetric()[i], m)
		}
	}
	if got := strings.Join(names, " "); got != "a_ratio b_total c_seconds d_seconds" {
		t.Errorf("%s: not in order", got)
	}
}
