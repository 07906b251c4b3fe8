package gateway

import (
	"context"

	"github.com/danielgtaylor/huma/v2"
)

type health struct {
	Body struct {
		Status string `json:"status"`
	}
}

func well() *health {
	h := &health{}
	h.Body.Status = "ok"
	return h
}

func (g *Gateway) healthRoutes(api huma.API) {
	huma.Register(api, unguarded(look("livez", "/livez", "Liveness of the process")), func(context.Context, *struct{}) (*health, error) { return well(), nil })
	huma.Register(api, unguarded(look("readyz", "/readyz", "Readiness: whether it knows the fleet and can control it, or why not")), func(context.Context, *struct{}) (*health, error) {
		select {
		case <-g.o.Ready():
		default:
			return nil, huma.Error503ServiceUnavailable("the topics have not been read to their end yet")
		}
		if err := g.o.Connected(); err != nil {
			return nil, huma.Error503ServiceUnavailable("the broker cannot be read: " + err.Error())
		}
		return well(), nil
	})
}

// unguarded returns an operation that needs no token.
func unguarded(o huma.Operation) huma.Operation {
	o.Security = []map[string][]string{{}}
	return o
}
