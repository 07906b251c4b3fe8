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
	huma.Get(api, "/livez", func(context.Context, *struct{}) (*health, error) { return well(), nil })
	huma.Get(api, "/readyz", func(context.Context, *struct{}) (*health, error) {
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
