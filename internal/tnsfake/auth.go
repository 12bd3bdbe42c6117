package tnsfake

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
)

// auth is the exchange of keys at login, with the verifier of 11g.
type auth struct {
	password string
	key      []byte // of the password and a salt
	session  []byte // the server's half of the session's key
}

// begin answers the user's name with a key that the password opens.
func (x *session) begin(w *writer, r *reader) {
	r.u8() // a name follows
	r.num()
	r.num() // mode
	r.take(1)
	n := r.num()
	r.take(2)
	x.login.User = string(r.bytes())
	for range n {
		key, value := r.text(), r.text()
		r.num()
		if key == "AUTH_PROGRAM_NM" {
			x.login.Program = value
		}
	}
	x.s.logins.Add(x.login)
	salt := random(10)
	x.auth.session = random(48)
	x.auth.password = x.s.passwordOf(x.login.User)
	sum := sha1.Sum(append([]byte(x.auth.password), salt...))
	x.auth.key = append(sum[:], 0, 0, 0, 0)
	sealed := make([]byte, 48)
	cipher.NewCBCEncrypter(block(x.auth.key), make([]byte, 16)).CryptBlocks(sealed, x.auth.session)
	w.u8(8)
	w.num(2)
	w.property("AUTH_SESSKEY", fmt.Sprintf("%X", sealed), 0)
	w.property("AUTH_VFR_DATA", fmt.Sprintf("%X", salt), 6949)
	w.summary(0, 0, 0, "")
}

// finish checks the password, and says what the session is.
func (x *session) finish(w *writer, r *reader) {
	r.u8()
	r.num()
	r.num()
	r.u8()
	n := r.num()
	r.take(2)
	r.bytes()
	given := map[string]string{}
	for range n {
		key := r.text()
		given[key] = r.text()
		r.num()
	}
	if !x.auth.opens(given["AUTH_SESSKEY"], given["AUTH_PASSWORD"]) {
		w.summary(0, 1017, 0, "ORA-01017: invalid username/password; logon denied\n")
		return
	}
	w.u8(8)
	w.num(4)
	w.property("AUTH_SESSION_ID", "7", 0)
	w.property("AUTH_SERIAL_NUM", "1", 0)
	w.property("AUTH_SC_SERVICE_NAME", "FAKE", 0)
	w.property("AUTH_VERSION_NO", "318767104", 0)
	w.u8(23, 5)
	w.num(0)
	w.u8(0)
	w.num(1)
	w.u8(0)
	w.property("AUTH_NLS_LXLAN", "AMERICAN", 0)
	w.num(0)
	w.summary(0, 0, 0, "")
}

func (a *auth) opens(sessionKey, password string) bool {
	theirs, err := hex.DecodeString(sessionKey)
	sealed, err2 := hex.DecodeString(password)
	if err != nil || err2 != nil || len(theirs) < 48 || len(sealed) <= 16 || len(sealed)%16 != 0 {
		return false
	}
	cipher.NewCBCDecrypter(block(a.key), make([]byte, 16)).CryptBlocks(theirs[:48], theirs[:48])
	mixed := make([]byte, 24)
	for i := range mixed {
		mixed[i] = a.session[16+i] ^ theirs[16+i]
	}
	first, second := md5.Sum(mixed[:16]), md5.Sum(mixed[16:])
	cipher.NewCBCDecrypter(block(append(first[:], second[:8]...)), make([]byte, 16)).CryptBlocks(sealed, sealed)
	plain := sealed[16:]
	padding := int(plain[len(plain)-1])
	return padding <= len(plain) && string(plain[:len(plain)-padding]) == a.password
}

func block(key []byte) cipher.Block {
	b, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	return b
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}
