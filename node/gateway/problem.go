package gateway

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/node/orchestrator"
)

// problem converts an error to RFC 9457 problem details, which name the wrong field as in the body.
func problem(err error) error {
	var at *field.Error
	var refused *orchestrator.RefusedError
	var key *orchestrator.KeyError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &at):
		return huma.Error422UnprocessableEntity(err.Error(), &huma.ErrorDetail{Message: at.Want, Location: "body.spec." + jsonName(at.Field), Value: at.Value})
	case errors.As(err, &refused):
		var list []error
		for _, r := range refused.Refusals {
			list = append(list, &huma.ErrorDetail{Message: r.Reason, Location: "drivers." + r.NodeID})
		}
		return huma.Error409Conflict("drivers refuse the run", list...)
	case errors.As(err, &key):
		return huma.Error403Forbidden(err.Error())
	case errors.Is(err, orchestrator.ErrUnknownRun):
		return huma.Error404NotFound(err.Error())
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return huma.NewError(http.StatusGatewayTimeout, "timed out: "+err.Error())
	}
	return huma.Error409Conflict(err.Error())
}

// jsonName returns the JSON name of a field of a spec file.
func jsonName(name string) string {
	first, rest, _ := strings.Cut(name, ".")
	first, index, _ := strings.Cut(first, "[")
	t := reflect.TypeFor[loadgen.Spec]()
	for i := range t.NumField() {
		y, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if y == first {
			first, _, _ = strings.Cut(t.Field(i).Tag.Get("json"), ",")
			break
		}
	}
	if index != "" {
		first += "[" + index
	}
	if rest != "" {
		first += "." + rest
	}
	return first
}
