package specfile

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/goccy/go-yaml/ast"

	"landfall/loadgen"
	"landfall/loadgen/field"
)

var statusesType = reflect.TypeFor[loadgen.Statuses]()

// statuses fills a list of status codes, whose items may be ranges or classes.
func (d *decoder) statuses(n ast.Node, v reflect.Value, path string) error {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		return d.at(n, "%s: must be a list", path)
	}
	var out loadgen.Statuses
	for i, item := range list.Values {
		item, err := d.resolve(item)
		if err != nil {
			return err
		}
		if text, isText := item.(*ast.StringNode); isText {
			parsed, err := loadgen.ParseStatuses(text.Value)
			if wrong := (*field.Error)(nil); errors.As(err, &wrong) {
				return d.at(item, "%s[%d] %q: %s", path, i, text.Value, wrong.Want)
			}
			out = append(out, parsed...)
			continue
		}
		var status int
		if err := d.value(item, reflect.ValueOf(&status).Elem(), fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return err
		}
		out = append(out, status)
	}
	v.Set(reflect.ValueOf(out))
	return nil
}
