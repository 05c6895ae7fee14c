package app

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/bridge/web"
	"github.com/ponte-desk/ponte/whatsapp"
)

// templates knows WhatsApp's message templates, read again when they are old and somebody asks.
type templates struct {
	a *App

	mu   sync.Mutex
	read map[string]catalogue // by number
}

type catalogue struct {
	list []whatsapp.Template
	at   time.Time
}

// templatesLife is how long a list is used before it is read again.
const templatesLife = 10 * time.Minute

// Templates lists what a number may use.
func (t *templates) Templates(ctx context.Context, number string) ([]web.Template, error) {
	list, err := t.of(ctx, number)
	out := make([]web.Template, len(list))
	for i, tpl := range list {
		out[i] = web.Template{
			Name: tpl.Name, Language: tpl.Language, Status: tpl.Status, Category: tpl.Category, Body: tpl.Body, Variables: tpl.Variables(),
		}
	}
	return out, err
}

func (t *templates) of(ctx context.Context, number string) ([]whatsapp.Template, error) {
	t.mu.Lock()
	known, ok := t.read[number]
	t.mu.Unlock()
	if ok && t.a.parts.Now().Sub(known.at) < templatesLife {
		return known.list, nil
	}
	peer := t.a.providers.of(number, t.a.parts.Settings(number))
	var all []whatsapp.Template
	for _, account := range list(t.a.Config.WhatsAppAccounts) {
		some, err := peer.Templates(ctx, account)
		if err != nil {
			if ok {
				return known.list, nil // an old list is better than none
			}
			return nil, err
		}
		all = append(all, some...)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.read[number] = catalogue{all, t.a.parts.Now()}
	return all, nil
}

// Preview is a template's text as the customer reads it; it fills in what the template's variables are called.
func (t *templates) Preview(ctx context.Context, number string, c *conversation.Template) (string, error) {
	list, err := t.of(ctx, number)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(list, func(tpl whatsapp.Template) bool { return tpl.Name == c.Name && tpl.Language == c.Language })
	if i < 0 {
		return "", &templateError{"O modelo não existe neste idioma. Escolha outro modelo."}
	}
	if list[i].Status != whatsapp.TemplateApproved {
		return "", &templateError{"O modelo não está aprovado pelo WhatsApp. Escolha outro modelo."}
	}
	c.Names = list[i].Names()
	text, err := list[i].FillHeader(c.Header).Preview(c.Values)
	if err != nil {
		return "", &templateError{"Faltam ou sobram campos no modelo de mensagem. Preencha todos os campos e envie de novo."}
	}
	return text, nil
}

// templateError is what is wrong with the use of a template.
type templateError struct{ advice string }

// Error is the advice.
func (e *templateError) Error() string { return e.advice }

// Advice is what people read, pt-BR.
func (e *templateError) Advice() string { return e.advice }

// HTTPStatus is the status to answer with.
func (e *templateError) HTTPStatus() int { return http.StatusBadRequest }
