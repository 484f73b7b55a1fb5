# DIALOGUES
# Ce que l'organisme responsable d'une action et les gestionnaires s'écrivent à son sujet.
# Écrire, c'est dialoguer sur l'action (ACT-22, ACT-23) ; un message écrit ne change plus.
# Tableau : docs/matrice.md   Cas : dialogues.cas.yaml   Doctrine : docs/droits.md

permissions("MessageAction", ["lire"]);

# Qui dialogue sur une action en lit tous les messages (R-173).
allow(u: Utilisateur, "lire", k: MessageAction) if
    regle("DIA-01") and
    allow(u, "dialoguer", k.action);
