"""What an employee reads when the line could not find out whether a confirmed write took effect."""

TASKS = {
    "nl": "Telefoonlijn: schuldenaar bevestigde {what}, zonder duidelijk antwoord van Tagor. Na te kijken.",
    "fr": "Ligne téléphonique : le débiteur a confirmé {what}, sans réponse claire de Tagor. À vérifier.",
    "de": "Telefonansage: Der Schuldner bestätigte {what}, Tagor antwortete nicht eindeutig. Bitte prüfen.",
    "en": "Phone line: the defendant confirmed {what}, Tagor gave no clear answer. Please check.",
}

COMMANDS = {
    "nl": {
        "plan": "een afbetalingsplan",
        "approval": "de goedkeuring van een afbetalingsplan",
        "text": "een sms met informatie",
        "mail": "een e-mail met informatie",
        "contact": "een gsm-nummer als contactgegeven",
        "document": "een document per post",
        "answers": "antwoorden op de vragenlijst",
    },
    "fr": {
        "plan": "un plan d'apurement",
        "approval": "l'approbation d'un plan d'apurement",
        "text": "un SMS d'information",
        "mail": "un e-mail d'information",
        "contact": "un numéro de GSM comme donnée de contact",
        "document": "un document par la poste",
        "answers": "des réponses au questionnaire",
    },
    "de": {
        "plan": "einen Ratenplan",
        "approval": "die Genehmigung eines Ratenplans",
        "text": "eine SMS mit Auskünften",
        "mail": "eine E-Mail mit Auskünften",
        "contact": "eine Handynummer als Kontaktangabe",
        "document": "ein Dokument per Post",
        "answers": "Antworten auf den Fragebogen",
    },
    "en": {
        "plan": "a payment plan",
        "approval": "the approval of a payment plan",
        "text": "a text message with information",
        "mail": "a mail with information",
        "contact": "a mobile number as a contact",
        "document": "a document by post",
        "answers": "answers to the questionnaire",
    },
}
