"""Holds the office's code tables: the words behind every id that Tagor's answers carry, in four languages."""

from collections.abc import Iterator
from typing import NamedTuple

from bridge.simulators.tagor.wire_format import Id

LANGUAGES = ("Dut", "Frn", "Ger", "Eng")

CONFIGURATIONS = ("KOPIE", "PLAN")
"""What defendants may be allowed to do by themselves, kind of file by kind of file."""
FIRST_CONFIGURATION = 9_000_000_000_000_000_870
"""The id of the first row of `TQCFG`, whose rows are the office's own."""


class Code(NamedTuple):
    """A row of a code table: its words are in the order of `LANGUAGES`."""

    table: str
    id: Id
    code: str
    words: tuple[str, str, str, str]

    def word(self, language: str) -> str:
        """Return the words in a language, in Dutch for one that nobody knows."""
        return self.words[LANGUAGES.index(language) if language in LANGUAGES else 0]

    def row(self, language: str) -> dict[str, object]:
        """Return the code as Tagor tells it."""
        spoken = language if language in LANGUAGES else LANGUAGES[0]
        told: dict[str, object] = {"Tabel": self.table, "Id": self.id, "Code": self.code, "Taal": spoken}
        return told | {"Omschrijving": self.word(spoken)}


def _code(table: str, number: int, code: str, *words: str) -> Code:
    dutch, french, german, english = words
    return Code(table, Id(9_000_000_000_000_000_000 + number), code, (dutch, french, german, english))


CODES = (
    _code("TQPARSOORT", 3, "VERW", "Verweerder", "Débiteur", "Schuldner", "Debtor"),
    _code("TQPARSOORT", 4, "AANL", "Aanlegger", "Créancier", "Gläubiger", "Creditor"),
    _code("TQDOSSOORT", 101, "MIN", "Minnelijk", "Amiable", "Außergerichtlich", "Amicable"),
    _code("TQDOSSOORT", 102, "GER", "Gerechtelijk", "Judiciaire", "Gerichtlich", "Judicial"),
    _code("TQDOSSOORT", 103, "GPL", "Zonder plan", "Sans plan", "Ohne Plan", "Without plan"),
    _code("TQDOSSOORT", 104, "KRT", "Korte termijn", "Court terme", "Kurzfristig", "Short term"),
    _code("TQSTATUS", 201, "LOPEND", "Lopend", "En cours", "Laufend", "Running"),
    _code("TQSTATUS", 202, "DAGV", "Dagvaarding", "Citation", "Vorladung", "Summons"),
    _code("TQSTATUS", 203, "STOP", "Stopgezet", "Arrêté", "Eingestellt", "Stopped"),
    _code("TQSTATUS", 204, "AANM", "Aanmaning", "Mise en demeure", "Mahnung", "Demand for payment"),
    _code("TQPERIODE", 301, "M", "Maandelijks", "Mensuel", "Monatlich", "Monthly"),
    _code("TQINFO", 401, "OPSV", "Saldo opgevraagd", "Solde demandé", "Saldo abgefragt", "Balance asked"),
    _code("TQINFO", 402, "AFBT", "Betaalplan", "Plan d'apurement", "Ratenplan", "Payment plan"),
    _code("TQINFO", 403, "WEB", "Webbericht", "Message web", "Webnachricht", "Web message"),
    _code("TQINFODEF", 411, "TAAK", "Taak", "Tâche", "Aufgabe", "Task"),
    _code("TQINFODEF", 412, "GESPREK", "Telefoongesprek", "Appel", "Anruf", "Call"),
    _code("TQCOM", 501, "TEL", "Telefoon", "Téléphone", "Telefon", "Telephone"),
    _code("TQCOM", 502, "GSM", "Gsm", "GSM", "Handy", "Mobile"),
    _code("TQCOM", 503, "MAIL", "E-mail", "E-mail", "E-Mail", "Email"),
    _code("TQSTATUS", 602, "ONGELEZEN", "Ongelezen", "Non lu", "Ungelesen", "Unread"),
    _code("TQSTATUS", 603, "GELEZEN", "Gelezen", "Lu", "Gelesen", "Read"),
    _code("TQSTATUS", 701, "OPEN", "Open", "Ouvert", "Offen", "Open"),
    _code("TQSTATUS", 702, "KLAAR", "Afgewerkt", "Terminé", "Erledigt", "Done"),
    _code("TJOBM", 711, "BEZOEK", "Bezoek ter plaatse", "Visite sur place", "Besuch vor Ort", "Visit"),
    _code("TJOBM", 712, "NAZICHT", "Dossier nazien", "Revoir le dossier", "Akte prüfen", "Review the file"),
    _code("TQAARD", 801, "HOOFD", "Hoofdsom", "Principal", "Hauptsumme", "Principal"),
    _code("TQAARD", 802, "INTR", "Intrest", "Intérêts", "Zinsen", "Interest"),
    _code("TQAARD", 803, "KOST", "Kosten", "Frais", "Kosten", "Costs"),
    _code("TQAARD", 804, "BET", "Betaling", "Paiement", "Zahlung", "Payment"),
    _code("TQAARD", 805, "INFO", "Betaling onderweg", "Paiement annoncé", "Zahlung unterwegs", "On its way"),
    _code("TQBOEKING", 811, "D", "Debet", "Débit", "Soll", "Debit"),
    _code("TQBOEKING", 812, "C", "Credit", "Crédit", "Haben", "Credit"),
    _code("TQSALDO", 821, "HFD", "Hoofdsom", "Principal", "Hauptsumme", "Principal"),
    _code("TQSALDO", 822, "INT", "Intresten", "Intérêts", "Zinsen", "Interest"),
    _code("TQSALDO", 823, "KST", "Kosten", "Frais", "Kosten", "Costs"),
    _code("TQSALDO", 824, "BET", "Betaald", "Payé", "Bezahlt", "Paid"),
    _code("TQSALDO", 825, "VRW", "Saldo verweerder", "Solde du débiteur", "Saldo Schuldner", "Balance"),
    _code("TQRB", 831, "VRED", "Vredegerecht", "Justice de paix", "Friedensgericht", "Justice of the peace"),
    _code("TQRB", 832, "EERST", "Rechtbank van eerste aanleg", "Tribunal de première instance",
          "Gericht erster Instanz", "Court of first instance"),
    _code("TQKAMER", 841, "1", "Eerste kamer", "Première chambre", "Erste Kammer", "First chamber"),
    _code("TQKAMER", 842, "2", "Tweede kamer", "Deuxième chambre", "Zweite Kammer", "Second chamber"),
    _code("TDOCM", 851, "KOPIE", "Kopie van het dossier", "Copie du dossier", "Kopie der Akte", "File copy"),
    _code("TDOCM", 852, "ATTEST", "Betaalattest", "Attestation de paiement", "Zahlungsbescheinigung",
          "Payment certificate"),
    _code("TDOCM", 853, "AFREK", "Afrekening", "Décompte", "Abrechnung", "Statement of the debt"),
    _code("TCFGSOLVRAPMOD", 861, "SITUATIE", "Uw situatie", "Situation", "Ihre Lage", "Your situation"),
    _code("TCFGSOLVRAPMOD", 862, "SITUATION", "Situation", "Situation", "Situation", "Situation"),
    _code("TCFGSOLVRAPMOD", 863, "LAGE", "Ihre Lage", "Ihre Lage", "Ihre Lage", "Ihre Lage"),
    _code("TCFGSOLVRAPMOD", 864, "MEANS", "Means", "Means", "Means", "Means"),
    _code("WL_QRY_FIELD", 881, "M_1000", "Detail van de schuld", "Détail de la dette", "Einzelheiten",
          "Details of the debt"),
    _code("TQDISGROEP", 891, "WEB", "Web", "Web", "Web", "Web"),
    _code("TQADRES", 895, "HOOFD", "Hoofdadres", "Adresse principale", "Hauptadresse", "Main address"),
)  # fmt: skip


def in_table(table: str) -> Iterator[Code]:
    """Give the codes of a table, by its name in any letter case."""
    return (code for code in CODES if code.table.lower() == table.lower())


def find(table: str, *, id_: str = "", code: str = "") -> Code | None:
    """Return the code with an id, else the one with that short code."""
    for one in in_table(table):
        if (id_ and one.id == id_) or (not id_ and code and one.code.lower() == code.lower()):
            return one
    return None


def id_of(table: str, code: str) -> Id:
    """Return the id of a code that is known."""
    [found] = [one.id for one in in_table(table) if one.code == code]
    return found
