package shop

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

const (
	itemCount = 500 // items 1 … 500
	pageSize  = 20  // items of a page
)

type item struct {
	ID    int     `json:"id"`
	Name  string  `json:"name"`
	Price float64 `json:"price"`
	Stock int     `json:"stock"`
}

// itemOf returns the item with an ID. Prices are from 1.50 to 200.50.
func itemOf(id int) item {
	return item{ID: id, Name: fmt.Sprintf("Item No. %d", id), Price: float64(id*37%200) + 1.5, Stock: id * 13 % 50}
}

// itemID parses an ID of a path or form. It returns false if there is no such item.
func itemID(text string) (int, bool) {
	id, err := strconv.Atoi(text)
	return id, err == nil && id >= 1 && id <= itemCount
}

// listItems serves a page of items from ?offset=N (default 0) on, to users with a token or a cookie.
func (s *Shop) listItems(w http.ResponseWriter, r *http.Request) {
	if s.visitor(w, r) == nil {
		return
	}
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
	var items []item
	for id := max(offset, 0) + 1; id <= itemCount && len(items) < pageSize; id++ {
		items = append(items, itemOf(id))
	}
	if !wantsHTML(r) {
		answerJSON(w, r, http.StatusOK, map[string]any{"items": items, "total": itemCount})
		return
	}
	var b strings.Builder
	b.WriteString("<!doctype html><title>Items</title>\n<ul>\n")
	for _, i := range items {
		fmt.Fprintf(&b, "<li><a href=\"/items/%d\">%s</a> <span class=\"price\">%.2f</span></li>\n", i.ID, i.Name, i.Price)
	}
	b.WriteString("</ul>\n")
	answer(w, r, http.StatusOK, htmlType, []byte(b.String()))
}

func (s *Shop) showItem(w http.ResponseWriter, r *http.Request) {
	if s.visitor(w, r) == nil {
		return
	}
	id, ok := itemID(r.PathValue("id"))
	if !ok {
		notFound(w, r, "item")
		return
	}
	i := itemOf(id)
	if !wantsHTML(r) {
		answerJSON(w, r, http.StatusOK, i)
		return
	}
	answer(w, r, http.StatusOK, htmlType, fmt.Appendf(nil,
		"<!doctype html><title>%s</title>\n<h1>%s</h1> <span class=\"price\">%.2f</span> <span class=\"stock\">%d</span>\n", i.Name, i.Name, i.Price, i.Stock))
}
