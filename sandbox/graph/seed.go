package graph

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
)

// via360 marks a number that 360dialog hosts.
const via360 = "360dialog"

// Number is one of the business' WhatsApp numbers.
type Number struct {
	ID      string `json:"id"`      // phone_number_id
	Display string `json:"display"` // digits with country code
	Name    string `json:"name"`    // as customers see it
	Via     string `json:"via,omitempty"`
}

// DefaultNumbers are the numbers of a business that names none.
func DefaultNumbers() []Number {
	return []Number{
		{ID: "106540352242922", Display: "551140034000", Name: "Atendimento"},
		{ID: "118273645509182", Display: "551140035000", Name: "Comercial"},
	}
}

// seeds returns the customers of a new sandbox, one of each kind a business meets. All are invented.
func seeds() []customer {
	return []customer{
		{Name: "Mariana Albuquerque", WaID: "5511987650142", BSUID: "BR.2917460385512049", AutoRead: true},
		{Name: "Antônio Resende", WaID: "553188124417", BSUID: "BR.3380157726449102", AutoRead: true},
		{Name: "Duda Nogueira", Username: "duda.nogueira", WaID: "5541992073318", BSUID: "BR.1764098253310576", HidesPhone: true},
		{Name: "Sebastião Farias", WaID: "5521996403377", NoReceipts: true},
		{Name: "Padaria Bela Vista", WaID: "551132587741", BSUID: "BR.4471920065183327", AutoRead: true},
		{
			Name: "Camila Prado", Username: "camila.prado", WaID: "5548991176205", BSUID: "BR.5538207714906218",
			Parent: "BR.ENT.9081726354012345678", AutoRead: true,
		},
	}
}

// seed fills an empty store.
func (s *Server) seed() error {
	for i, c := range seeds() {
		c.ID = strconv.Itoa(i + 1)
		if err := s.saveCustomer(&c); err != nil {
			return err
		}
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %v", s.cfg.Clock.Now().UnixNano(), s.cfg.Rand()))
	s.install.Nonce = hex.EncodeToString(sum[:8])
	return nil
}
