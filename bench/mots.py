"""Words that rows are made of. Nobody real."""

from __future__ import annotations


def mots(texte: str) -> tuple[str, ...]:
    """Out: the words of a text."""
    return tuple(texte.split())


NOMS = mots(
    "Martel Dupuis Lagrange Sorbier Vasseur Quentin Rolland Thibaud Marchal Ferrand Gaillard Noiret Lambert "
    "Perrot Chauvin Delorme Bastide Carpentier Rigal Moulin Salvat Etcheto Larrieu Castera Duhalde Bordes"
)
PRENOMS = mots(
    "Alix Camille Dany Eden Fanny Gabin Hana Ilan Jade Kenza Liam Maya Noa Olga Pia Rayan Salomé Tom Ulysse "
    "Vera Willy Xenia Yanis Zoé"
)
VILLES = (
    ("Angoulême", "16000", "16"),
    ("La Rochelle", "17000", "17"),
    ("Brive", "19100", "19"),
    ("Guéret", "23000", "23"),
    ("Périgueux", "24000", "24"),
    ("Bordeaux", "33000", "33"),
    ("Mont-de-Marsan", "40000", "40"),
    ("Agen", "47000", "47"),
    ("Pau", "64000", "64"),
    ("Niort", "79000", "79"),
    ("Poitiers", "86000", "86"),
    ("Limoges", "87000", "87"),
)
METIERS = mots(
    "maçon soudeur cuisinier boulanger plombier électricien menuisier couvreur peintre carreleur charpentier "
    "serveur vendeur comptable secrétaire magasinier cariste conducteur mécanicien carrossier jardinier "
    "viticulteur tonnelier aide-soignant auxiliaire ambulancier animateur formateur développeur technicien "
    "câbleur chaudronnier tourneur fraiseur opérateur préparateur réceptionniste gouvernant coiffeur fleuriste"
)
VERBES = mots("préparer organiser réaliser contrôler entretenir accueillir gérer assembler poser conduire")
CHOSES = mots(
    "chantiers commandes équipes machines locaux ouvrages dossiers clients véhicules parcelles réseaux matériels "
    "installations documents plans stocks produits soins repas textes"
)
CADRES = ("titre professionnel", "certificat", "parcours", "remise à niveau", "module", "perfectionnement")
